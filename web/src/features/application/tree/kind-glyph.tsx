/** The kind of an object as a small drawing; where there is none, its initials. */
import {
  AppWindow,
  Box,
  Boxes,
  CalendarClock,
  CirclePlay,
  Database,
  DoorOpen,
  FileText,
  Folder,
  Gauge,
  Globe,
  HardDrive,
  IdCard,
  KeyRound,
  Layers,
  type LucideIcon,
  Network,
  Puzzle,
  Rocket,
  Server,
  Shield,
  ShieldCheck,
  SquareStack,
  Unlink,
  Waypoints,
} from 'lucide-react'
import styles from './kind-glyph.module.css'

const glyphs: Record<string, LucideIcon> = {
  Application: AppWindow,
  ApplicationSet: Layers,
  AppProject: Folder,
  ConfigMap: FileText,
  Secret: KeyRound,
  Service: Network,
  Endpoints: Waypoints,
  EndpointSlice: Waypoints,
  Ingress: DoorOpen,
  Gateway: DoorOpen,
  HTTPRoute: DoorOpen,
  GRPCRoute: DoorOpen,
  Deployment: Rocket,
  Rollout: Rocket,
  ReplicaSet: SquareStack,
  ControllerRevision: SquareStack,
  StatefulSet: Database,
  DaemonSet: Server,
  Node: Server,
  Pod: Box,
  Job: CirclePlay,
  CronJob: CalendarClock,
  HorizontalPodAutoscaler: Gauge,
  PersistentVolumeClaim: HardDrive,
  PersistentVolume: HardDrive,
  Namespace: Folder,
  CustomResourceDefinition: Puzzle,
  ServiceAccount: IdCard,
  Role: Shield,
  ClusterRole: Shield,
  RoleBinding: ShieldCheck,
  ClusterRoleBinding: ShieldCheck,
  NetworkPolicy: Waypoints,
  PodDisruptionBudget: Boxes,
  Address: Globe,
  Orphaned: Unlink,
}

export function KindGlyph({ kind }: { kind: string }) {
  const Glyph = glyphs[kind]
  if (Glyph) return <Glyph className={styles.glyph} aria-hidden="true" />
  return (
    <span className={styles.initials} aria-hidden="true">
      {initialsOf(kind)}
    </span>
  )
}

/** `VirtualService` is VS, `Widget` is Wi. */
function initialsOf(kind: string): string {
  const capitals = kind.replace(/[^A-Z]/g, '')
  return capitals.length > 1 ? capitals.slice(0, 3) : kind.slice(0, 2)
}
