{{- define "proxy.labels" -}}
app.kubernetes.io/name: capsule-proxy
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "proxy.selectorLabels" -}}
app.kubernetes.io/name: capsule-proxy
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* The Secret with the serving certificate; empty: made at start. */ -}}
{{- define "proxy.certificateSecret" -}}
{{- if .Values.options.certificateVolumeName -}}
{{ .Values.options.certificateVolumeName }}
{{- else if .Values.options.generateCertificates -}}
{{ .Release.Name }}
{{- end -}}
{{- end -}}
