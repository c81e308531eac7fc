/** The kinds of files that a monorepo of manifests holds, each as text. `r` is a random source, see random.mjs. */

const words =
  'api worker ingest billing search orders catalog stock mail report export import audit session cache proxy edge media thumb feed ledger quota token invoice'.split(
    ' ',
  );
export const teams = 'payments search platform data growth identity logistics media risk support'.split(' ');
export const account = '111122223333';
export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';

export const nameFor = (r, i) => `${r.pick(words)}-${r.pick(words)}-${i}`;

const labels = (name, indent) =>
  ['name', 'instance', 'component', 'part-of', 'managed-by']
    .map((key) => `${' '.repeat(indent)}app.kubernetes.io/${key}: ${key === 'managed-by' ? 'kustomize' : name}`)
    .join('\n');

function container(r, name) {
  const env = Array.from({ length: 2 + r.below(8) }, (_, i) =>
    r.chance(0.6)
      ? `            - name: SETTING_${i}\n              value: "${r.hex(12)}"`
      : `            - name: SECRET_${i}\n              valueFrom:\n                secretKeyRef:\n                  name: ${name}\n                  key: key-${i}`,
  );
  return `        - name: ${name}
          image: ${account}.dkr.ecr.eu-west-1.amazonaws.com/${name}:${r.hex(7)}
          imagePullPolicy: IfNotPresent
          ports:
            - name: http
              containerPort: 8080
          env:
${env.join('\n')}
          resources:
            requests: {cpu: ${50 + r.below(400)}m, memory: ${64 + r.below(900)}Mi}
            limits:
              memory: 1Gi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 5`;
}

export function deployment(r, name, namespace, serviceAccount, extra = '') {
  const kind = r.pick(['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet']);
  return `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
${labels(name, 4)}
spec:
  replicas: ${1 + r.below(5)}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
${labels(name, 8)}
      annotations:
        prometheus.io/scrape: "true"
${extra}    spec:
${serviceAccount ? `      serviceAccountName: ${serviceAccount}\n` : ''}      terminationGracePeriodSeconds: 30
      containers:
${container(r, name)}
${r.chance(0.3) ? `${container(r, `${name}-sidecar`)}\n` : ''}      volumes:
        - name: tmp
          emptyDir: {}
`;
}

export const service = (name, namespace) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
${labels(name, 4)}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;

export const serviceAccount = (name, namespace, roleArn) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
${roleArn ? `  annotations:\n    eks.amazonaws.com/role-arn: ${roleArn}\n` : ''}`;

export const roleBinding = (name, namespace) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: ${name}
  namespace: ${namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
subjects:
  - kind: ServiceAccount
    name: ${name}
    namespace: ${namespace}
`;

export const configMap = (r, name, namespace) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  application.yaml: |
${Array.from({ length: 20 + r.below(180) }, (_, i) => `    setting.${i}.${r.pick(words)}: ${r.hex(20)}`).join('\n')}
`;

export const chartTemplate = (r, name) => `{{- if .Values.${r.pick(words)}.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "${name}.fullname" . }}
  labels:
    {{- include "${name}.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "${name}.serviceAccountName" . }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          {{- range $key, $value := .Values.env }}
          # {{ $key }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
{{- end }}
`;

export const chartValues = (r, name, roleArn) => `# Values of ${name}
replicaCount: ${1 + r.below(4)}
image:
  repository: ${account}.dkr.ecr.eu-west-1.amazonaws.com/${name}
  tag: ""
serviceAccount:
  create: true
  name: ""
  annotations:${roleArn ? `\n    eks.amazonaws.com/role-arn: ${roleArn}` : ' {}'}
resources:
  requests:
    cpu: 100m
${Array.from({ length: 10 + r.below(40) }, (_, i) => `${r.pick(words)}${i}:\n  enabled: ${r.chance(0.5)}\n  value: ${r.hex(8)}`).join('\n')}
`;

/** A dashboard as Grafana exports it. */
export function dashboard(r, title, panels) {
  return `${JSON.stringify(
    {
      title,
      uid: r.hex(9),
      schemaVersion: 39,
      time: { from: 'now-6h', to: 'now' },
      panels: Array.from({ length: panels }, (_, id) => ({
        id,
        type: r.pick(['timeseries', 'stat', 'table']),
        title: `${r.pick(words)} ${r.pick(words)}`,
        gridPos: { h: 8, w: 12, x: 12 * (id % 2), y: 8 * Math.floor(id / 2) },
        targets: Array.from({ length: 3 }, (_, i) => ({
          refId: 'ABC'[i],
          expr: `sum by (pod) (rate(${r.pick(words)}_requests_total{namespace="$namespace", code=~"5.."}[5m]))`,
          legendFormat: '{{pod}}',
        })),
        fieldConfig: {
          defaults: {
            unit: 'reqps',
            thresholds: {
              mode: 'absolute',
              steps: [
                { color: 'green', value: null },
                { color: 'red', value: 80 },
              ],
            },
          },
          overrides: [],
        },
      })),
    },
    null,
    2,
  )}\n`;
}

/** A definition of custom resources, as operators ship it: long, and full of descriptions. Some speak of service accounts. */
export function definition(r, plural, bytes) {
  const parts = [
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${plural}.example.io
  annotations:
    controller-gen.kubebuilder.io/version: v0.14.0
spec:
  group: example.io
  names:
    kind: ${plural[0].toUpperCase()}${plural.slice(1)}
    plural: ${plural}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
`,
  ];
  let size = parts[0].length;
  for (let i = 0; size < bytes; i++) {
    const field = i % 50 === 7 ? 'serviceAccountName' : `${r.pick(words)}${i}`;
    const text = `                ${field}:
                  description: |-
                    ${field} is what the operator takes for its pods. If it is not set, the value of the
                    service account's own object is taken; see the documentation of the operator.
                  type: object
                  properties:
                    key:
                      type: string
                      maxLength: ${r.below(253)}
                    values:
                      type: array
                      items:
                        type: string
                  x-kubernetes-map-type: atomic
`;
    parts.push(text);
    size += text.length;
  }
  return parts.join('');
}

/** A trust policy as its role's file holds it. */
export const trustPolicy = (subject, options = {}) =>
  `${JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { [options.operator ?? 'StringEquals']: { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: 'sts.amazonaws.com' } },
        },
      ],
    },
    null,
    2,
  )}\n`;

export const roleArn = (name) => `arn:aws:iam::${account}:role/${name}`;
