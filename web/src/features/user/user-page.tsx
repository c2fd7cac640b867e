export default function UserPage(_props: Record<string, unknown>) {
  return null
}
