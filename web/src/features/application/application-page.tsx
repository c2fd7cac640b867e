export default function ApplicationPage(_props: Record<string, unknown>) {
  return null
}
