export default function ApplicationSetsPage(_props: Record<string, unknown>) {
  return null
}
