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
