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

{{- define "labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: ovs-mirror-cni
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* The affinity that is set; each of its terms for nodes, as one of them suffices, with the
architectures that there is an image for. */ -}}
{{- define "affinity" -}}
{{- $architectures := dict "key" "kubernetes.io/arch" "operator" "In" "values" (list "amd64" "arm64") -}}
{{- $affinity := deepCopy .Values.affinity -}}
{{- $node := $affinity.nodeAffinity | default dict -}}
{{- $required := $node.requiredDuringSchedulingIgnoredDuringExecution | default dict -}}
{{- $terms := list -}}
{{- range $required.nodeSelectorTerms | default (list dict) -}}
{{- $expressions := append (.matchExpressions | default list) $architectures -}}
{{- $terms = append $terms (set . "matchExpressions" $expressions) -}}
{{- end -}}
{{- $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" $terms) -}}
{{- set $affinity "nodeAffinity" $node | toYaml -}}
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
