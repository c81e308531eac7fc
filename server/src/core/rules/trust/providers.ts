import type { ListValue, ValueList } from '../../model/policy';
import { parseProviderArn, type ProviderArn } from '../../model/arn';
import { clusterReference } from '../../model/clusterReferences';
import { issuerKind } from '../../model/issuer';
import type { Text } from '../../text/text';
import { equal, isHole, literal, plain } from '../../text/texts';
import { any, type Tri } from '../../text/tri';
import { providerFault, type ProviderFault } from './providerFault';

/** One value of a statement's `Federated`. */
export interface Provider {
  readonly list: ValueList;
  readonly value: ListValue;
  /** Absent where the value is no provider ARN. */
  readonly arn?: ProviderArn;
  readonly kind: ProviderKind;
  /** What provider-malformed says of it: then nothing is compared with its issuer, which is not what was meant. */
  readonly fault?: ProviderFault;
}

/** `unknown`: a hole, or an issuer that may be anybody's; `other`: surely none of a cluster's. */
export type ProviderKind = 'eks' | 'eks-malformed' | 'self-hosted' | 'saml' | 'other' | 'unknown';

export function providerOf(list: ValueList, value: ListValue): Provider {
  const arn = parseProviderArn(value);
  const kind = kindOf(value, arn);
  const fault = kind === 'other' || kind === 'saml' ? undefined : providerFault(value);
  return { list, value, kind, ...(arn ? { arn } : {}), ...(fault ? { fault } : {}) };
}

function kindOf(value: ListValue, arn: ProviderArn | undefined): ProviderKind {
  if (isHole(value)) return clusterReference(value) === 'sure' ? 'eks' : 'unknown';
  if (/:saml-provider\//.test(value.value)) return 'saml';
  const issuer = arn?.issuer ?? value;
  const bare = issuer.value.replace(/^.*oidc-provider[/:]+/, '').replace(/^(https?:\/\/)+/, '');
  if (issuerKind(bare) === 'known-other') return 'other';
  const whole = literal(issuer) !== undefined;
  if (speaksOfClusters(value)) {
    if (!arn) return 'eks-malformed';
    return !whole || issuerKind(issuer.value) === 'eks' ? 'eks' : 'eks-malformed';
  }
  if (!whole && clusterReference(issuer) === 'sure') return 'eks';
  if (!arn || !whole) return 'unknown';
  return issuerKind(bare) === 'eks-malformed' ? 'eks-malformed' : 'self-hosted';
}

/** Whether a text names EKS's issuer, well or badly written. */
export function speaksOfClusters(text: Text): boolean {
  return /(^|[/.])oidc[.-]eks\.|(^|[/.])oidc\.[a-z0-9-]+\.eks\./i.test(text.value);
}

/** Whether two issuers are the same; condition keys are compared without regard to case. */
export function sameIssuer(a: Text, b: Text): Tri {
  return equal(lowerCase(a), lowerCase(b));
}

/** The holes keep their places: letters do not change a text's length here, or the text stays as it is. */
function lowerCase(text: Text): Text {
  const value = text.value.toLowerCase();
  return value.length === text.value.length ? { ...text, value } : text;
}

interface Issuers {
  /** Those that are written out and without fault, in lower case. */
  readonly literals: ReadonlySet<string>;
  readonly others: readonly Provider[];
}

const known = new WeakMap<readonly Provider[], Issuers>();

function issuersOf(providers: readonly Provider[]): Issuers {
  let found = known.get(providers);
  if (!found) {
    const sure = (p: Provider) => !p.fault && literal(p.arn?.issuer) !== undefined;
    found = {
      literals: new Set(providers.filter(sure).map((p) => p.arn!.issuer.value.toLowerCase())),
      others: providers.filter((p) => !sure(p)),
    };
    known.set(providers, found);
  }
  return found;
}

/** Whether the issuer is that of one of the providers; null where holes or a malformed provider hide it. */
export function issuerOfProviders(issuer: Text, providers: readonly Provider[]): Tri {
  if (providers.length === 0) return null;
  const { literals, others } = issuersOf(providers);
  const text = literal(issuer)?.toLowerCase();
  if (text !== undefined && literals.has(text)) return true;
  return any([
    text !== undefined || literals.size === 0 ? false : any([...literals].map((value) => equal(lowerCase(issuer), plain(value)))),
    ...others.map((p) => {
      const same = p.arn ? sameIssuer(issuer, p.arn.issuer) : null;
      return p.fault && same === false ? null : same;
    }),
  ]);
}

/** The issuer of the statement's only provider, where that is well written. */
export function soleIssuer(providers: readonly Provider[]): Text | undefined {
  const [only] = providers;
  return providers.length === 1 && !only!.fault ? only!.arn?.issuer : undefined;
}
