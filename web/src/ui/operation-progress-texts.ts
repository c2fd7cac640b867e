/** The words of an operation under way, and of its end. */
import { texts } from '../lib/language.ts'
import type { Outcome } from '../lib/operation-outcome.ts'

type End = Pick<Outcome, 'kind' | 'revisions' | 'wasTerminated'> & { took: string }

export const useTexts = texts({
  en: {
    close: 'Close',
    none: 'Nothing has been done to this application yet',
    terminate: 'Terminate',
    terminateTitle: 'Terminate this sync?',
    terminateText: 'Running hooks are deleted. What has been written stays: nothing is rolled back.',
    by: (name: string) => `by ${name}`,
    automated: 'automated',
    running: {
      starting: 'The sync is about to begin',
      running: 'Syncing',
      retrying: 'Waiting for the next try',
      terminating: 'Terminating',
    } as Record<string, string>,
    ended: ({ kind, revisions, took }: End) =>
      kind === 'sync'
        ? `Synced to ${revisions} in ${took}.`
        : `The dry run has passed in ${took}: nothing was written.`,
    failed: ({ wasTerminated, took }: End) =>
      wasTerminated ? `Terminated after ${took}.` : `The sync has failed after ${took}.`,
    next: 'What has been written stays. Correct the cause in Git and sync again, or roll back under History.',
    nextNothing: 'Nothing has been written. Correct the cause in Git and sync again.',
    nextTerminated: 'What has been written stays. Sync again, or roll back under History.',
    healthy: 'Its Pods may still be starting: the application says when it is healthy.',
  },
  fr: {
    close: 'Fermer',
    none: 'Rien n’a encore été fait à cette application',
    terminate: 'Interrompre',
    terminateTitle: 'Interrompre cette synchronisation ?',
    terminateText: 'Les hooks en cours sont supprimés. Ce qui a été écrit reste : rien n’est annulé.',
    by: (name: string) => `par ${name}`,
    automated: 'automatique',
    running: {
      starting: 'La synchronisation va commencer',
      running: 'Synchronisation en cours',
      retrying: 'En attente du prochain essai',
      terminating: 'Interruption en cours',
    },
    ended: ({ kind, revisions, took }: End) =>
      kind === 'sync'
        ? `Synchronisée sur ${revisions} en ${took}.`
        : `L’essai à blanc a réussi en ${took} : rien n’a été écrit.`,
    failed: ({ wasTerminated, took }: End) =>
      wasTerminated ? `Interrompue après ${took}.` : `La synchronisation a échoué après ${took}.`,
    next: 'Ce qui a été écrit reste. Corrigez la cause dans Git et synchronisez à nouveau, ou revenez en arrière dans l’historique.',
    nextNothing: 'Rien n’a été écrit. Corrigez la cause dans Git et synchronisez à nouveau.',
    nextTerminated: 'Ce qui a été écrit reste. Synchronisez à nouveau, ou revenez en arrière dans l’historique.',
    healthy: 'Ses Pods démarrent peut-être encore : l’application dira quand elle est en bonne santé.',
  },
})
