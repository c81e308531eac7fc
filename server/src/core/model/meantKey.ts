import { annotationKeys, annotationPrefix, otherPrefixKeys, type AnnotationKey } from './annotations';
import { editDistance } from '../text/nearest';

/** A key that is none of the webhook's, and the one that it nearly is. */
export interface MeantKey {
  readonly meant: AnnotationKey;
  /**
   * What is wrong: `name` behind the right prefix, `prefix` before a name of ours, `kube2iam` for the keys of
   * kube2iam and kiam, `bare` for a name without any prefix.
   */
  readonly wrong: 'name' | 'prefix' | 'kube2iam' | 'bare';
}

const host = annotationPrefix.slice(0, -1);
/** Hosts written for `eks.amazonaws.com`, too far from it to be found by their letters. */
const wrongHosts = new Set([
  'eks.amazon.com',
  'eks.aws.amazon.com',
  'eks.aws.com',
  'eks.amazon.aws.com',
  'eks.aws.amazonaws.com',
  'eks.amazonaws.com.cn',
  'eks.amazonaws.io',
  'eks.amazonaws',
  'amazonaws.com',
  'eksamazonaws.com',
  'irsa.amazonaws.com',
  'iam.eks.amazonaws.com',
]);
const kube2iamHost = 'iam.amazonaws.com';

/** Names written for ours, by hand of other tools or of memory; squeezed to letters. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'role-arn': ['role', 'iamrole', 'iamrolearn', 'awsrolearn', 'rolearns', 'arnrole', 'eksrolearn', 'serviceaccountrolearn', 'irsarolearn'],
  audience: ['aud', 'tokenaudience'],
  'token-expiration': ['tokenexpiry', 'tokenexpirationseconds', 'expiration', 'expirationseconds', 'tokenexp', 'tokenttl', 'tokenlifetime'],
  'sts-regional-endpoints': ['stsregional', 'regionalsts', 'regionalstsendpoints', 'awsstsregionalendpoints', 'stsendpoints'],
  'skip-containers': ['skipcontainer', 'skippedcontainers', 'containerstoskip'],
};
/** Letters that a name may differ by and still be that name. */
const slips: Readonly<Record<string, number>> = {
  'role-arn': 1,
  audience: 2,
  'token-expiration': 3,
  'sts-regional-endpoints': 3,
  'skip-containers': 2,
};
/** Without one of these no key is near ours: what most keys are told by. */
const hostOfOurs = /amazon|aws|eks|iam/i;
// eslint-disable-next-line no-restricted-syntax -- made of the words of this line
const looksBare = new RegExp(`^${['', ...'rolearn', ''].join('[^a-z0-9]*')}$`, 'i');
/** No key of ours is half as long; longer ones are not compared. */
const longest = 80;

/** The webhook's key that a key nearly is; undefined for its own keys, for others' keys and for all that is far from both. */
export function meantKey(key: string): MeantKey | undefined {
  if (key.length > longest || (!hostOfOurs.test(key) && !looksBare.test(key.trim())) || annotationKeys.some((known) => known.key === key))
    return undefined;
  if (key.startsWith(annotationPrefix)) {
    const name = key.slice(annotationPrefix.length);
    if (otherPrefixKeys.has(name)) return undefined;
    return named(name, 'name');
  }
  const tidy = key
    .trim()
    .replace(/[\\"'`]/g, '')
    .replace(/^https?:\/\//, '');
  if (!/[/.:]/.test(tidy)) return squeeze(tidy) === 'rolearn' ? named(tidy, 'bare') : undefined;
  const border = /^(.*\.com)[^a-z0-9/]?([a-z].*)$/i.exec(tidy.includes('/') ? '' : tidy);
  const slash = tidy.indexOf('/');
  const [prefix, name] = border ? [border[1]!, border[2]!] : [tidy.slice(0, slash), tidy.slice(slash + 1)];
  if (slash < 0 && !border) return undefined;
  const lower = prefix.toLowerCase();
  if (lower === kube2iamHost) return kube2iamName(name);
  if (lower === host) return named(name, annotationPrefix.startsWith(`${prefix}/`) && slash > 0 ? 'name' : 'prefix');
  return isNearHost(lower) ? named(name, 'prefix') : undefined;
}

function kube2iamName(name: string): MeantKey | undefined {
  const found = named(name, 'kube2iam');
  return found?.meant.short === 'role-arn' ? found : undefined;
}

/** `eks.` before a slip of `amazonaws.com`, or a slip in `eks`; never the host of another AWS service. */
function isNearHost(prefix: string): boolean {
  if (wrongHosts.has(prefix)) return true;
  if (prefix === 'eks.amazonaws.eu') return false;
  if (prefix.startsWith('eks.')) return editDistance(prefix, host, 3) <= 3;
  if (/^(eks-|eks_)/.test(prefix)) return editDistance(prefix.slice(4), 'amazonaws.com', 2) <= 2;
  return /^(esk|kes|ekss|eeks|ekks|ek|eksa|eksp)\.amazonaws\.com$/.test(prefix);
}

function named(name: string, wrong: MeantKey['wrong']): MeantKey | undefined {
  const plain = squeeze(name);
  for (const meant of annotationKeys) {
    const own = squeeze(meant.short);
    if (plain === own || aliases[meant.short]?.includes(plain)) return { meant, wrong };
  }
  for (const meant of annotationKeys) {
    const limit = slips[meant.short] ?? 1;
    if (editDistance(plain, squeeze(meant.short), limit) <= limit) return { meant, wrong };
  }
  return undefined;
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
