/** Small manifests that the behaviours deploy. */

export function configMap(name: string, data: Record<string, string> = { key: 'value' }): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data: ${JSON.stringify(data)}
---
`
}

export function deployment(name: string, { image = 'registry.example.com/web:1.0', replicas = 1 } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: main
          image: ${image}
---
`
}

/** A Job as a hook; `annotations` are added. */
export function hookJob(name: string, types: string, annotations: Record<string, string> = {}): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: ${JSON.stringify({ 'argocd.argoproj.io/hook': types, ...annotations })}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: registry.example.com/hook:1.0}]
---
`
}

/** A PreSync Job that takes so long. */
export function slowHook(name: string, seconds: number): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: registry.example.com/sleep:1.0, command: [sleep, "${seconds}"]}]
---
`
}

/** The same manifest, which must not have annotations yet, in this wave. */
export function inWave(wave: number, manifest: string): string {
  return manifest.replace('metadata:\n', `metadata:\n  annotations: {argocd.argoproj.io/sync-wave: "${wave}"}\n`)
}
