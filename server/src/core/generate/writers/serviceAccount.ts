import { defaultAudience } from '../../model/subject';
import type { Pair } from '../pair';
import { toYaml, type YamlValue } from '../text/yaml';
import type { GeneratedFile } from './writer';

/** The webhook's annotations of the pair's account; none for Pod Identity, which needs none. */
export function accountAnnotations(pair: Pair): Readonly<Record<string, string>> {
  if (pair.mechanism !== 'irsa') return {};
  return {
    'eks.amazonaws.com/role-arn': pair.role.arn,
    ...(pair.audience === defaultAudience ? {} : { 'eks.amazonaws.com/audience': pair.audience }),
  };
}

/** The ServiceAccount as an object. */
export function serviceAccountObject(pair: Pair): YamlValue {
  const annotations = accountAnnotations(pair);
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: pair.account.name,
      namespace: pair.account.namespace,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
  };
}

/** The ServiceAccount in a file of its own. */
export function serviceAccountFile(pair: Pair): GeneratedFile {
  return {
    path: `k8s/${pair.account.namespace}/${pair.account.name}.yaml`,
    text: toYaml(serviceAccountObject(pair)),
    role: 'service-account',
  };
}
