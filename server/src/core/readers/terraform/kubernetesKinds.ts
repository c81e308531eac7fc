/** Resources of the Kubernetes provider that concern accounts. */
export const kubernetesKinds: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  kubernetes_service_account: ['v1', 'ServiceAccount'],
  kubernetes_default_service_account: ['v1', 'ServiceAccount'],
  kubernetes_pod: ['v1', 'Pod'],
  kubernetes_deployment: ['apps/v1', 'Deployment'],
  kubernetes_stateful_set: ['apps/v1', 'StatefulSet'],
  kubernetes_daemonset: ['apps/v1', 'DaemonSet'],
  kubernetes_daemon_set: ['apps/v1', 'DaemonSet'],
  kubernetes_job: ['batch/v1', 'Job'],
  kubernetes_cron_job: ['batch/v1', 'CronJob'],
};

/** Blocks that a manifest writes as lists. */
export const kubernetesLists: Readonly<Record<string, string>> = {
  container: 'containers',
  init_container: 'initContainers',
  env: 'env',
  volume: 'volumes',
  sources: 'sources',
  node_selector_term: 'nodeSelectorTerms',
  match_expressions: 'matchExpressions',
};

/** The name that the API has for an argument of Terraform's. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
