/** What an action does, said before it is pressed; and whether that is worth a question. */
import { texts } from '../../../lib/language.ts'

interface ActionWords {
  title: string
  text: string
}

const english: Record<string, ActionWords> = {
  restart: { title: 'Restart', text: 'Replaces all Pods, a few at a time, as a new version would.' },
  scale: { title: 'Scale', text: 'Sets how many Pods there are to be. Where Git declares it, that is a deviation.' },
  pause: { title: 'Pause', text: 'Changes are not rolled out until it is resumed.' },
  resume: { title: 'Resume', text: 'Goes on with what was paused or suspended.' },
  suspend: { title: 'Suspend', text: 'Begins nothing new until it is resumed.' },
  terminate: { title: 'Terminate', text: 'Ends what runs. It does not begin again by itself.' },
  'create-job': { title: 'Run now', text: 'Makes a Job of this schedule at once; the schedule stays as it is.' },
  'create-workflow': { title: 'Run now', text: 'Makes a workflow of this template at once.' },
  abort: { title: 'Abort', text: 'Stops the rollout and goes back to the stable version.' },
  retry: { title: 'Retry', text: 'Tries the rollout that was aborted once more.' },
  'promote-full': { title: 'Promote fully', text: 'Skips all steps that are left: the new version gets all traffic.' },
  'skip-current-step': { title: 'Skip this step', text: 'Goes on with the next step of the rollout.' },
  'toggle-auto-sync': { title: 'Switch automated sync', text: 'Turns automated sync off or on.' },
  reconcile: { title: 'Reconcile', text: 'Has its controller look at it now.' },
  refresh: { title: 'Refresh', text: 'Has its controller read it anew now.' },
  delete: { title: 'Delete', text: 'Deletes it.' },
}

const french: Record<string, ActionWords> = {
  restart: { title: 'Redémarrer', text: 'Remplace tous les Pods, peu à peu, comme pour une nouvelle version.' },
  scale: { title: 'Mettre à l’échelle', text: 'Fixe le nombre de Pods. Si Git le déclare, c’est un écart.' },
  pause: { title: 'Mettre en pause', text: 'Les changements attendent la reprise pour être déployés.' },
  resume: { title: 'Reprendre', text: 'Poursuit ce qui était en pause ou suspendu.' },
  suspend: { title: 'Suspendre', text: 'Ne commence rien de nouveau jusqu’à la reprise.' },
  terminate: { title: 'Interrompre', text: 'Met fin à ce qui tourne. Cela ne reprend pas tout seul.' },
  'create-job': {
    title: 'Lancer maintenant',
    text: 'Crée un Job de ce planning aussitôt ; le planning reste tel quel.',
  },
  'create-workflow': { title: 'Lancer maintenant', text: 'Crée un workflow de ce modèle aussitôt.' },
  abort: { title: 'Abandonner', text: 'Arrête le déploiement et revient à la version stable.' },
  retry: { title: 'Réessayer', text: 'Retente le déploiement abandonné.' },
  'promote-full': {
    title: 'Promouvoir entièrement',
    text: 'Saute les étapes restantes : la nouvelle version reçoit tout le trafic.',
  },
  'skip-current-step': { title: 'Sauter cette étape', text: 'Passe à l’étape suivante du déploiement.' },
  'toggle-auto-sync': {
    title: 'Basculer la synchro automatique',
    text: 'Désactive ou active la synchronisation automatique.',
  },
  reconcile: { title: 'Réconcilier', text: 'Demande à son contrôleur de le regarder maintenant.' },
  refresh: { title: 'Actualiser', text: 'Demande à son contrôleur de le relire maintenant.' },
  delete: { title: 'Supprimer', text: 'Le supprime.' },
}

export const useActionWords = texts<Record<string, ActionWords>>({ en: english, fr: french })

/** `restart-all` of somebody's own script reads `Restart all`. */
export function titleOf(name: string): string {
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Ends or replaces what runs. */
export function isDisruptive(name: string): boolean {
  return /restart|delete|terminate|abort|rolling|reload|promote|data-loss/.test(name)
}
