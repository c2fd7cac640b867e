/** Words of the form of a cluster. */
import { texts } from '../../../lib/language.ts'
import type { ClusterProblem, Method } from './cluster-draft.ts'

interface ClusterFormTexts {
  title: string
  about: string
  editTitle(name: string): string
  register: string
  save: string
  registered(name: string): string
  saved(name: string): string
  incomplete: string
  problem: Record<ClusterProblem, string>
  server: string
  serverHint: string
  name: string
  nameHint: string
  method: string
  methods: Record<Method, string>
  replaced: string
  token: string
  tokenHint: string
  certificate: string
  key: string
  pemHint: string
  authority: string
  authorityHint: string
  serverName: string
  serverNameHint: string
  insecure: string
  insecureHint: string
  namespacesHint: string
  clusterResources: string
  clusterResourcesHint: string
  project: string
  projectHint: string
  labelsHint: string
  annotations: string
}

export const useClusterFormTexts = texts<ClusterFormTexts>({
  en: {
    title: 'Register a cluster',
    about: 'With credentials that are there already. “tiphys cluster add” makes a service account for it by itself.',
    editTitle: (name) => `Edit cluster ${name}`,
    register: 'Register cluster',
    save: 'Save',
    registered: (name) => `${name} is registered.`,
    saved: (name) => `${name} is saved.`,
    incomplete: 'Some fields need your attention.',
    problem: {
      address: 'An address such as https://10.0.0.1:6443.',
      missing: 'Without a token nobody can sign in.',
      pem: 'In PEM form: it begins with -----BEGIN.',
    },
    server: 'Address',
    serverHint: 'Of its API server. It cannot be changed later.',
    name: 'Name',
    nameHint: 'Applications can name it as their destination.',
    method: 'Signs in with',
    methods: {
      kept: 'What is stored: it stays as it is',
      token: 'The token of a service account',
      certificate: 'A client certificate',
    },
    replaced: 'What is stored is replaced by what is entered here, its authority too.',
    token: 'Token',
    tokenHint: 'One that does not expire soon: nobody renews it.',
    certificate: 'Client certificate',
    key: 'Key of the certificate',
    pemHint: 'In PEM form.',
    authority: 'Certificate authority',
    authorityHint: 'In PEM form. Empty: those that the installation trusts.',
    serverName: 'Name in its certificate',
    serverNameHint: 'Where it is not the one of the address.',
    insecure: 'Do not check its certificate',
    insecureHint: 'Anybody on the way can pretend to be the cluster, and gets the credentials.',
    namespacesHint: 'One on each line. Only these are looked at; none: all of them.',
    clusterResources: 'Objects of the cluster too',
    clusterResourcesHint: 'Those outside of namespaces, beside the namespaces above.',
    project: 'Project',
    projectHint: 'Only applications of this project may go there. Empty: all.',
    labelsHint: 'One on each line: name=value',
    annotations: 'Annotations',
  },
  fr: {
    title: 'Enregistrer un cluster',
    about:
      'Avec des identifiants qui existent déjà. « tiphys cluster add » crée de lui-même un compte de service pour cela.',
    editTitle: (name) => `Modifier le cluster ${name}`,
    register: 'Enregistrer le cluster',
    save: 'Enregistrer',
    registered: (name) => `${name} est enregistré.`,
    saved: (name) => `${name} est enregistré.`,
    incomplete: 'Certains champs demandent votre attention.',
    problem: {
      address: 'Une adresse comme https://10.0.0.1:6443.',
      missing: 'Sans jeton, personne ne peut se connecter.',
      pem: 'Au format PEM : le texte commence par -----BEGIN.',
    },
    server: 'Adresse',
    serverHint: 'De son serveur d’API. Elle ne change plus ensuite.',
    name: 'Nom',
    nameHint: 'Les applications peuvent le nommer comme destination.',
    method: 'Se connecte avec',
    methods: {
      kept: 'Ce qui est enregistré : rien ne change',
      token: 'Le jeton d’un compte de service',
      certificate: 'Un certificat client',
    },
    replaced: 'Ce qui est enregistré est remplacé par ce qui est saisi ici, son autorité aussi.',
    token: 'Jeton',
    tokenHint: 'Un jeton qui n’expire pas bientôt : personne ne le renouvelle.',
    certificate: 'Certificat client',
    key: 'Clé du certificat',
    pemHint: 'Au format PEM.',
    authority: 'Autorité de certification',
    authorityHint: 'Au format PEM. Vide : celles auxquelles l’installation se fie.',
    serverName: 'Nom dans son certificat',
    serverNameHint: 'S’il n’est pas celui de l’adresse.',
    insecure: 'Ne pas vérifier son certificat',
    insecureHint: 'N’importe qui sur le chemin peut se faire passer pour le cluster, et reçoit les identifiants.',
    namespacesHint: 'Un par ligne. Seuls ceux-ci sont regardés ; aucun : tous.',
    clusterResources: 'Les objets du cluster aussi',
    clusterResourcesHint: 'Ceux hors des espaces de noms, en plus de ceux ci-dessus.',
    project: 'Projet',
    projectHint: 'Seules les applications de ce projet peuvent y aller. Vide : toutes.',
    labelsHint: 'Une par ligne : nom=valeur',
    annotations: 'Annotations',
  },
})
