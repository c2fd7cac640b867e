/** The tokens and the password of one's own account, for the page about oneself. */
import { AccountDetail } from './account-detail.tsx'

export default AccountDetail
