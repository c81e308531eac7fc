import { parseRegular } from '../../text/regular/parse';
import { compile, type Program } from '../../text/regular/program';
import { partitions } from '../../model/partitions';

/*
 * The texts that keys of a request can have, as expressions. Source: Kubernetes, apimachinery validation (names); EKS user guide,
 * pod-id-abac (tags); botocore, eks model (cluster names).
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;

const programs = new Map<string, Program>();

function language(expression: string): Program {
  let program = programs.get(expression);
  if (!program) programs.set(expression, (program = compile(parseRegular(expression)!)!));
  return program;
}

/** Subjects of service accounts, however long their names are. */
export const subjects = (): Program => language(`system:serviceaccount:${label}:${subdomain}`);

/** Audiences: any text. */
export const audiences = (): Program => language('(?s:.+)');

/** ARNs of clusters, of one account and partition where these are known. */
export function clusters(account: string | undefined, partition: string | undefined): Program {
  const ofAccount = account !== undefined && /^\d{12}$/.test(account) ? account : '[0-9]{12}';
  const ofPartition = partitions.some(({ id }) => id === partition) ? partition! : `(${partitions.map(({ id }) => id).join('|')})`;
  return language(`arn:${ofPartition}:eks:[a-z0-9-]+:${ofAccount}:cluster/[0-9A-Za-z][0-9A-Za-z_-]*`);
}

const tags: Readonly<Record<string, string>> = {
  'aws:requesttag/kubernetes-namespace': label,
  'aws:requesttag/kubernetes-service-account': subdomain,
  'aws:requesttag/kubernetes-pod-name': subdomain,
  'aws:requesttag/kubernetes-pod-uid': '[0-9a-f-]+',
};

/** The values of a session tag that EKS passes, by its key in lower case; undefined for other keys. */
export function tagValues(key: string): Program | undefined {
  return Object.hasOwn(tags, key) ? language(tags[key]!) : undefined;
}
