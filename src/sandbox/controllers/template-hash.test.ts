import { expect, test } from 'vitest'
import { revisionData } from './revision-history.ts'
import { shortHash, templateHash } from './template-hash.ts'

function simple(labels: Record<string, string>, image: string) {
  const container = {
    name: 'c',
    image,
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: image.includes(':') ? 'IfNotPresent' : 'Always',
  }
  const spec = {
    containers: [container],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  }
  return { metadata: { labels }, spec }
}

test.each([
  [{ app: 'web' }, 'i', '6bfcccbf84'],
  [{ a: 'b' }, 'i', '746cd9445b'],
  [{ app: 'agent' }, 'i', '77df867465'],
])('the template of %o with image %s has the recorded hash', (labels, image, hash) => {
  expect(templateHash(simple(labels, image))).toBe(hash)
})

test.each([
  ['i:2', '5d5fbc4cd8'],
  ['i:missing', 'c56799d4b'],
])('a new image %s gives the recorded hash', (image, hash) => {
  const template = simple({ app: 'web' }, image)
  // The recorded deployment was made with an image that had no tag, and kept the policy that came of it
  for (const container of template.spec.containers) container.imagePullPolicy = 'Always'
  expect(templateHash(template)).toBe(hash)
})

test('a template with nearly everything has the hash that the Go library gives it', () => {
  expect(templateHash(everything)).toBe('55f9698c55')
})

test('a collision gives another hash', () => {
  expect(templateHash(everything, 2)).toBe('66b66dcc45')
})

test('a revision of a StatefulSet has the recorded hash, however its keys are ordered', () => {
  expect(shortHash(revisionData(simple({ app: 'db' }, 'i')), 0)).toBe('c746b47')
})

const everything = {
  metadata: { labels: { app: 'shop', tier: 'web' }, annotations: { b: '2', a: '1' }, creationTimestamp: null },
  spec: {
    volumes: [
      { name: 'config', configMap: { name: 'settings', defaultMode: 420 } },
      { name: 'tmp', emptyDir: {} },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      {
        name: 'all',
        projected: {
          sources: [
            { secret: { name: 's' } },
            { downwardAPI: { items: [{ path: 'l', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.labels' } }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
    initContainers: [
      { name: 'setup', image: 'busybox', command: ['sh', '-c', 'echo hi'], restartPolicy: 'Always', resources: {} },
    ],
    containers: [
      {
        name: 'c',
        image: 'shop:1',
        args: ['--a'],
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
        ],
        envFrom: [{ configMapRef: { name: 'settings' } }],
        resources: {
          limits: { cpu: '500m', memory: '128Mi' },
          requests: { cpu: '1', memory: '100Mi', 'ephemeral-storage': '1Gi' },
        },
        volumeMounts: [{ name: 'config', mountPath: '/etc/shop', readOnly: true }],
        livenessProbe: {
          httpGet: { path: '/', port: 'http', scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5 },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        securityContext: {
          runAsUser: 0,
          runAsNonRoot: false,
          capabilities: { drop: ['ALL'] },
          allowPrivilegeEscalation: false,
        },
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 0,
    dnsPolicy: 'ClusterFirst',
    nodeSelector: { disk: 'ssd' },
    serviceAccountName: 'shop',
    serviceAccount: 'shop',
    automountServiceAccountToken: false,
    securityContext: { fsGroup: 2000, seccompProfile: { type: 'RuntimeDefault' } },
    imagePullSecrets: [{ name: 'reg' }],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['shop'] }] },
              topologyKey: 'kubernetes.io/hostname',
            },
          },
        ],
      },
    },
    schedulerName: 'default-scheduler',
    tolerations: [{ key: 'k', operator: 'Exists', tolerationSeconds: 30 }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'shop' } },
      },
    ],
  },
}
