{{- define "tiphys.selector" -}}
app.kubernetes.io/name: tiphys
{{- end }}

{{- define "tiphys.labels" -}}
{{ include "tiphys.selector" . }}
app.kubernetes.io/part-of: tiphys
{{- end }}
