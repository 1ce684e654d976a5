{{- /* What each platform has of its own. */ -}}
{{- define "platforms" -}}
"": { cniBinDir: /opt/cni/bin }
flatcar: { cniBinDir: /opt/cni/bin }
k3s: { cniBinDir: /var/lib/rancher/k3s/data/cni }
microk8s: { cniBinDir: /var/snap/microk8s/current/opt/cni/bin }
openshift: { cniBinDir: /var/lib/cni/bin, selinuxType: spc_t, scc: true }
rke2: { cniBinDir: /opt/cni/bin }
{{- end }}

{{- define "platform" -}}
{{- get (include "platforms" . | fromYaml) .Values.platform | toYaml }}
{{- end }}

{{- define "image" -}}
{{- with .Values.image -}}
image: {{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- with .pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Whether the pods get a service account of their own. */ -}}
{{- define "scc" -}}
{{- if and (include "platform" . | fromYaml).scc .Values.openshift.scc }}true{{ end }}
{{- end }}
