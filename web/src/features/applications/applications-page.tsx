export default function ApplicationsPage(_props: Record<string, unknown>) {
  return null
}
