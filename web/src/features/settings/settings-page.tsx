export default function SettingsPage(_props: Record<string, unknown>) {
  return null
}
