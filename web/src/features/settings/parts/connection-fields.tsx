/** How something is connected to: the kind, the way of signing in with what it needs, and what is seldom needed. */
import { texts } from '../../../lib/language.ts'
import { Checkbox, Field, Select, TextArea, TextInput } from '../../../ui/field.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import {
  type ConnectionDraft,
  flagsFor,
  type Kind,
  kinds,
  type Method,
  methodFields,
  methodsFor,
} from './connection-draft.ts'
import styles from './parts.module.css'

type Words = Record<string, [label: string, hint?: string]>

const fieldWords: { en: Words; fr: Words } = {
  en: {
    username: ['User name', 'Of a token: any name, or the one that the host asks for.'],
    password: ['Password or token'],
    bearerToken: ['Bearer token'],
    sshPrivateKey: ['Private key', 'In PEM or OpenSSH form, without a passphrase.'],
    tlsClientCertData: ['Client certificate', 'In PEM form.'],
    tlsClientCertKey: ['Key of the certificate', 'In PEM form.'],
    githubAppID: ['Id of the app'],
    githubAppInstallationID: ['Id of the installation', 'Left out, it is found by the owner of the repository.'],
    githubAppEnterpriseBaseUrl: [
      'Address of GitHub Enterprise',
      'Such as https://ghe.example.com/api/v3; empty for github.com.',
    ],
    githubAppPrivateKey: ['Private key of the app'],
    gcpServiceAccountKey: ['Key of the service account', 'The JSON that Google has given.'],
    azureServicePrincipalClientId: ['Client id'],
    azureServicePrincipalClientSecret: ['Client secret'],
    azureServicePrincipalTenantId: ['Tenant id'],
    azureActiveDirectoryEndpoint: ['Endpoint', 'Empty for the public cloud.'],
    insecure: ['Do not check the certificate', 'Anybody on the way can pretend to be the repository.'],
    insecureIgnoreHostKey: ['Do not check the host key', 'Anybody on the way can pretend to be the repository.'],
    enableLfs: ['Fetch large files (LFS)'],
    enableOCI: ['The charts are in an OCI registry', 'The address is then written without https://.'],
    insecureOCIForceHttp: ['Without TLS (http)'],
    forceHttpBasicAuth: ['Send the credentials at once', 'For hosts that do not ask for them first.'],
  },
  fr: {
    username: ['Nom d’utilisateur', 'Pour un jeton : un nom quelconque, ou celui que l’hôte demande.'],
    password: ['Mot de passe ou jeton'],
    bearerToken: ['Jeton porteur (bearer)'],
    sshPrivateKey: ['Clé privée', 'Au format PEM ou OpenSSH, sans phrase secrète.'],
    tlsClientCertData: ['Certificat client', 'Au format PEM.'],
    tlsClientCertKey: ['Clé du certificat', 'Au format PEM.'],
    githubAppID: ['Id de l’application'],
    githubAppInstallationID: ['Id de l’installation', 'Sans lui, elle est trouvée par le propriétaire du dépôt.'],
    githubAppEnterpriseBaseUrl: [
      'Adresse de GitHub Enterprise',
      'Par exemple https://ghe.example.com/api/v3 ; vide pour github.com.',
    ],
    githubAppPrivateKey: ['Clé privée de l’application'],
    gcpServiceAccountKey: ['Clé du compte de service', 'Le JSON fourni par Google.'],
    azureServicePrincipalClientId: ['Id du client'],
    azureServicePrincipalClientSecret: ['Secret du client'],
    azureServicePrincipalTenantId: ['Id du locataire (tenant)'],
    azureActiveDirectoryEndpoint: ['Point d’accès', 'Vide pour le nuage public.'],
    insecure: ['Ne pas vérifier le certificat', 'N’importe qui sur le chemin peut se faire passer pour le dépôt.'],
    insecureIgnoreHostKey: [
      'Ne pas vérifier la clé d’hôte',
      'N’importe qui sur le chemin peut se faire passer pour le dépôt.',
    ],
    enableLfs: ['Chercher les gros fichiers (LFS)'],
    enableOCI: ['Les charts sont dans un registre OCI', 'L’adresse s’écrit alors sans https://.'],
    insecureOCIForceHttp: ['Sans TLS (http)'],
    forceHttpBasicAuth: ['Envoyer les identifiants d’emblée', 'Pour les hôtes qui ne les demandent pas d’abord.'],
  },
}

const useTexts = texts({
  en: {
    words: fieldWords.en,
    kind: 'Kind',
    kinds: { git: 'Git', helm: 'Helm charts', oci: 'OCI registry' },
    method: 'Signs in with',
    methods: {
      none: 'Nothing, or a template of credentials',
      password: 'User name and password, or a token',
      token: 'Bearer token',
      ssh: 'SSH key',
      certificate: 'TLS client certificate',
      github: 'GitHub App',
      google: 'Google service account',
      azure: 'Azure service principal',
    },
    kept: 'What is secret is never shown. Saving replaces the credentials: enter them again, or they are removed.',
    more: 'Proxy',
    proxy: 'Proxy',
    proxyHint: 'Such as http://proxy.example.com:3128; empty for the one of the installation.',
    noProxy: 'Not through the proxy',
    noProxyHint: 'Hosts, with commas between them.',
  },
  fr: {
    words: fieldWords.fr,
    kind: 'Sorte',
    kinds: { git: 'Git', helm: 'Charts Helm', oci: 'Registre OCI' },
    method: 'Se connecte avec',
    methods: {
      none: 'Rien, ou un modèle d’identifiants',
      password: 'Nom et mot de passe, ou un jeton',
      token: 'Jeton porteur (bearer)',
      ssh: 'Clé SSH',
      certificate: 'Certificat client TLS',
      github: 'GitHub App',
      google: 'Compte de service Google',
      azure: 'Principal de service Azure',
    },
    kept: 'Ce qui est secret n’est jamais montré. Enregistrer remplace les identifiants : saisissez-les de nouveau, sinon ils sont retirés.',
    more: 'Mandataire (proxy)',
    proxy: 'Mandataire',
    proxyHint: 'Par exemple http://proxy.example.com:3128 ; vide pour celui de l’installation.',
    noProxy: 'Sans passer par le mandataire',
    noProxyHint: 'Des hôtes, séparés par des virgules.',
  },
})

export interface ConnectionFieldsProps {
  draft: ConnectionDraft
  onChange(draft: ConnectionDraft): void
  url: string
  /** It is there already, with credentials or without. */
  isKnown: boolean
}

export function KindField({ draft, onChange }: Pick<ConnectionFieldsProps, 'draft' | 'onChange'>) {
  const t = useTexts()
  return (
    <div className={styles.spaced}>
      <Segmented
        label={t.kind}
        choices={kinds.map((id) => ({ id, label: t.kinds[id] }))}
        chosen={draft.kind}
        onChoose={(kind: Kind) => onChange({ ...draft, kind })}
      />
    </div>
  )
}

export function ConnectionFields({ draft, onChange, url, isKnown }: ConnectionFieldsProps) {
  const t = useTexts()
  const offered = methodsFor(draft.kind, url)
  const method = offered.includes(draft.method) ? draft.method : 'none'
  const setText = (name: string, value: string) =>
    onChange({ ...draft, method, texts: { ...draft.texts, [name]: value } })
  return (
    <>
      <Field label={t.method} hint={isKnown && t.kept}>
        {(field) => (
          <Select
            {...field}
            value={method}
            onChange={(event) => onChange({ ...draft, method: event.target.value as Method })}
          >
            {offered.map((one) => (
              <option key={one} value={one}>
                {t.methods[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {methodFields[method].map(({ name, isSecret, isLong }) => {
        const [label, hint] = t.words[name] ?? [name]
        const value = draft.texts[name] ?? ''
        return (
          <Field key={name} label={label} hint={hint}>
            {(field) =>
              isLong ? (
                <TextArea
                  {...field}
                  mono
                  rows={5}
                  value={value}
                  onChange={(event) => setText(name, event.target.value)}
                />
              ) : (
                <TextInput
                  {...field}
                  type={isSecret ? 'password' : 'text'}
                  autoComplete={isSecret ? 'new-password' : 'off'}
                  value={value}
                  onChange={(event) => setText(name, event.target.value)}
                />
              )
            }
          </Field>
        )
      })}
      {flagsFor(draft.kind, url).map((name) => {
        const [label, hint] = t.words[name] ?? [name]
        return (
          <Checkbox
            key={name}
            label={label}
            hint={hint}
            checked={draft.flags[name] ?? false}
            onChange={(event) => onChange({ ...draft, flags: { ...draft.flags, [name]: event.target.checked } })}
          />
        )
      })}
      <details className={styles.more} open={Boolean(draft.texts.proxy || draft.texts.noProxy)}>
        <summary>{t.more}</summary>
        <Field label={t.proxy} hint={t.proxyHint}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.texts.proxy ?? ''}
              onChange={(event) => setText('proxy', event.target.value)}
            />
          )}
        </Field>
        <Field label={t.noProxy} hint={t.noProxyHint}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.texts.noProxy ?? ''}
              onChange={(event) => setText('noProxy', event.target.value)}
            />
          )}
        </Field>
      </details>
    </>
  )
}
