/**
 * Where a kind keeps its pods. Paths are keys with dots; `[]` is every item of a list, `*` every value of a
 * map, and an empty path is the object itself.
 */
export interface PodKind {
  readonly kinds: readonly string[];
  /** The API groups that have the kind; the core's is empty. */
  readonly groups: readonly string[];
  /** Maps of `metadata` and `spec`, as in a Pod. */
  readonly templates?: readonly string[];
  /** Pod specs without a template's metadata. */
  readonly specs?: readonly string[];
  /** Maps that name an account and are no pod spec: the field in each. */
  readonly accounts?: readonly {
    readonly at: string;
    readonly field: 'serviceAccountName' | 'serviceAccount' | 'taskServiceAccountName';
  }[];
  /** Maps of annotations and labels for the pods, away from a template. */
  readonly podMetadata?: readonly string[];
  /** Templates that make objects which make pods: their metadata is not a pod's. */
  readonly outerMetadata?: readonly string[];
  /** True where the kind's name is another kind's too: then the group must be written out. */
  readonly groupNeeded?: boolean;
}

const account = (...at: string[]) => at.map((path) => ({ at: path, field: 'serviceAccountName' as const }));
const alias = (...at: string[]) => at.map((path) => ({ at: path, field: 'serviceAccount' as const }));
const workflow = (spec: string) => ({
  accounts: account(
    spec,
    `${spec}.templates[]`,
    `${spec}.templateDefaults`,
    `${spec}.executor`,
    `${spec}.artifactGC`,
    `${spec}.templates[].executor`,
    `${spec}.templateDefaults.executor`,
  ),
  podMetadata: [`${spec}.podMetadata`, `${spec}.templates[].metadata`, `${spec}.templateDefaults.metadata`],
});
const rayCluster = (spec: string) => [`${spec}.headGroupSpec.template`, `${spec}.workerGroupSpecs[].template`];

/** Kinds that make pods. Sources: the API of Kubernetes; kustomize's name references; the CRDs of the projects. */
export const podKinds: readonly PodKind[] = [
  { kinds: ['Pod'], groups: [''], templates: [''] },
  {
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
    groups: ['apps', 'extensions', 'apps.kruise.io'],
    templates: ['spec.template'],
  },
  { kinds: ['ReplicationController'], groups: [''], templates: ['spec.template'] },
  { kinds: ['Job'], groups: ['batch'], templates: ['spec.template'] },
  { kinds: ['CronJob'], groups: ['batch'], templates: ['spec.jobTemplate.spec.template'], outerMetadata: ['spec.jobTemplate.metadata'] },
  { kinds: ['PodTemplate'], groups: [''], templates: ['template'] },
  { kinds: ['Rollout'], groups: ['argoproj.io'], templates: ['spec.template'] },
  { kinds: ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'], groups: ['argoproj.io'], ...workflow('spec') },
  { kinds: ['CronWorkflow'], groups: ['argoproj.io'], ...workflow('spec.workflowSpec') },
  { kinds: ['Service', 'Configuration'], groups: ['serving.knative.dev'], templates: ['spec.template'], groupNeeded: true },
  { kinds: ['Revision'], groups: ['serving.knative.dev'], specs: ['spec'], groupNeeded: true },
  { kinds: ['TaskRun'], groups: ['tekton.dev'], accounts: account('spec') },
  {
    kinds: ['PipelineRun'],
    groups: ['tekton.dev'],
    accounts: [
      ...account('spec', 'spec.taskRunTemplate', 'spec.taskRunSpecs[]'),
      { at: 'spec.taskRunSpecs[]', field: 'taskServiceAccountName' },
    ],
  },
  { kinds: ['SparkApplication'], groups: ['sparkoperator.k8s.io'], accounts: alias('spec.driver', 'spec.executor') },
  {
    kinds: ['ScheduledSparkApplication'],
    groups: ['sparkoperator.k8s.io'],
    accounts: alias('spec.template.driver', 'spec.template.executor'),
  },
  {
    kinds: ['FlinkDeployment'],
    groups: ['flink.apache.org'],
    accounts: alias('spec'),
    templates: ['spec.podTemplate', 'spec.jobManager.podTemplate', 'spec.taskManager.podTemplate'],
  },
  { kinds: ['ScaledJob'], groups: ['keda.sh'], templates: ['spec.jobTargetRef.template'] },
  { kinds: ['MPIJob'], groups: ['kubeflow.org'], templates: ['spec.mpiReplicaSpecs.*.template'] },
  { kinds: ['RayCluster'], groups: ['ray.io'], templates: rayCluster('spec') },
  { kinds: ['RayJob'], groups: ['ray.io'], templates: [...rayCluster('spec.rayClusterSpec'), 'spec.submitterPodTemplate'] },
  { kinds: ['RayService'], groups: ['ray.io'], templates: rayCluster('spec.rayClusterConfig') },
  { kinds: ['CloneSet', 'BroadcastJob'], groups: ['apps.kruise.io'], templates: ['spec.template'] },
  {
    kinds: ['AdvancedCronJob'],
    groups: ['apps.kruise.io'],
    templates: ['spec.template.jobTemplate.spec.template', 'spec.template.broadcastJobTemplate.spec.template'],
    outerMetadata: ['spec.template.jobTemplate.metadata', 'spec.template.broadcastJobTemplate.metadata'],
  },
];

const byKind = new Map<string, PodKind[]>();
for (const row of podKinds) {
  for (const kind of row.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), row]);
}

/** The row of a kind; `group` is undefined where the file does not tell it. */
export function podKind(kind: string, group: string | undefined): PodKind | undefined {
  return byKind.get(kind)?.find((row) => (group === undefined ? !row.groupNeeded : row.groups.includes(group)));
}
