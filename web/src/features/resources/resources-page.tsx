export default function ResourcesPage(_props: Record<string, unknown>) {
  return null
}
