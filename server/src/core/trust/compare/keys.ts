import { parseConditionKey } from '../../model/conditionKey';
import { parseEksIssuer } from '../../model/issuer';
import { defaultAudience } from '../../model/subject';
import { shownText } from '../../text/shown';
import type { Text } from '../../text/text';
import type { Program } from '../../text/regular/program';
import { equal, literal, plain } from '../../text/texts';
import type { Tri } from '../../text/tri';
import { absent, present, type Lookup } from '../request/lookup';
import { requestKeys } from '../request/keys';
import { tokenOf } from '../request/token';
import type { Request } from '../verdict';
import type { Caller } from './callers';
import { audiences, clusters, subjects, tagValues } from './languages';
import { named, type Named } from './symbols';
import type { ComparisonScope } from './types';

/** What a caller's requests may have for a condition key. */
export type KeyOfRequest =
  /** The same in every request. */
  { readonly fixed: Lookup } | { readonly free: FreeKey; readonly part?: ClusterPart };

/** A key whose values, or absence, are up to the request. */
export interface FreeKey {
  readonly id: string;
  /** The key as it is written, for people. */
  readonly name: string;
  /** In lower case, where it is known. */
  readonly key?: string;
  readonly claim?: 'sub' | 'aud';
  readonly isCluster?: true;
  /** `assumed`: that it is there is assumed, as trust/judge.ts assumes that a token is of the policy's provider. */
  readonly presence: 'always' | 'maybe' | 'assumed';
  /** False where requests may have no such values. */
  readonly certain: boolean;
  /** True for a key that tells of the same thing as others of its kind: requests do not have just any values of both. */
  readonly dependent: boolean;
  readonly multivalued: boolean;
  readonly domain?: Program;
  readonly preferred?: Program;
  /** Values that people understand best. */
  readonly usual?: readonly string[];
}

/** EKS tells the cluster in three keys: its ARN, and its name and account, which are parts of it. */
export type ClusterPart = 'name' | 'account';

/** The part of a cluster's ARN. */
export function partOfCluster(arn: string, part: ClusterPart | undefined): string {
  if (part === undefined) return arn;
  const parts = arn.split(':');
  return part === 'account' ? parts[4]! : parts.slice(5).join(':').slice('cluster/'.length);
}

/** Keys that hold several values by their nature, besides those that trust/request has. Source: IAM guide, condition keys. */
const multivalued: ReadonlySet<string> = new Set([
  'aws:tagkeys',
  'sts:transitivetagkeys',
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:sourceorgpaths',
  'aws:resourceorgpaths',
  'aws:principalservicenameslist',
]);

/** Keys of AWS that tell something of a known principal, or the same thing as other keys: requests have not just any values of them. */
const dependent =
  /^(aws:(principal|source(?!ip$)|userid|username|federatedprovider|resource|currenttime$|epochtime$|requestedregion|via|called|vpc)|iam:resourcetag\/|sts:rolesessionname$)/;

/** What a token says of the session to be made. */
const sessionKeys = /^(aws:requesttag\/|aws:tagkeys$|sts:(transitivetagkeys|sourceidentity)$)/;

/** The keys of a caller's requests, as trust/request has them where it knows the caller. */
export class CallerKeys {
  private readonly issuer: Named | undefined;
  private readonly isPods: boolean;
  private readonly request: Request;

  constructor(
    private readonly caller: Caller,
    private readonly scope: ComparisonScope,
  ) {
    const unnamed = { namespace: undefined, serviceAccount: undefined, ...scope };
    if (caller.kind === 'token') {
      const { issuer, provider } = caller;
      this.issuer = issuer ?? (provider && provider.text.holes.length === 0 ? provider : undefined);
      const text = literal(issuer?.text);
      this.isPods = text !== undefined && parseEksIssuer(text) !== undefined;
      this.request = { ...unnamed, mechanism: 'irsa' };
    } else {
      this.isPods = caller.kind === 'pods';
      this.request = {
        ...unnamed,
        mechanism: 'pod-identity',
        ...(caller.kind === 'pods' && !caller.tags ? { sessionTagsDisabled: true } : {}),
      };
    }
  }

  /** @param place as in {@link named} */
  of(key: Text, place: string): KeyOfRequest {
    const { symbol } = named(key, place);
    const lower = literal(key)?.toLowerCase();
    const id = lower ?? symbol;
    const claim = parseConditionKey(key);
    if (this.caller.kind === 'token' && claim) return this.claim(key, id, claim.issuer, `${place}.issuer`, claim.claim);
    if (!this.isPods) return this.ofStranger(key, id, lower, claim !== undefined);
    const known = requestKeys(this.request, this.token()).lookup(key);
    if (known.presence === false || (known.presence && known.values.every(({ holes }) => holes.length === 0))) return { fixed: known };
    const part = lower === undefined ? undefined : this.clusterPart(lower);
    if (part) return part;
    return free({ id, key, presence: known.presence ? 'always' : 'maybe', domain: lower === undefined ? undefined : tagValues(lower) });
  }

  private token() {
    if (this.caller.kind !== 'token' || this.request.mechanism !== 'irsa') return undefined;
    return tokenOf(this.request, this.caller.issuer!.text, false);
  }

  /** A claim of the caller's own token, or of another one's, which is never there. */
  private claim(key: Text, id: string, issuer: Text, place: string, claim: Text): KeyOfRequest {
    const isOwn = this.isOwnIssuer(issuer, place);
    const name = claim.holes.length > 0 ? undefined : claim.value.toLowerCase();
    if (isOwn === false || (isOwn && this.isPods && name !== undefined && name !== 'sub' && name !== 'aud'))
      return { fixed: absent(shownText(key), 'no token of the provider has it') };
    const isUsual = name === 'sub' || name === 'aud';
    const presence = isUsual ? (isOwn ? 'always' : 'assumed') : 'maybe';
    return free({
      id: isOwn ? `own ${name ?? id}` : id,
      key,
      presence,
      certain: isUsual,
      multivalued: !isUsual,
      ...(isUsual ? { claim: name } : {}),
      ...(name === 'sub' ? (this.isPods ? { domain: subjects() } : { preferred: subjects() }) : {}),
      ...(name === 'aud' ? { usual: [defaultAudience], domain: audiences() } : {}),
    });
  }

  private isOwnIssuer(issuer: Text, place: string): Tri {
    if (/^(https?:\/\/|arn:)/i.test(issuer.value)) return false;
    if (!this.issuer) return null;
    const own = this.issuer;
    if (named(issuer, place).symbol === own.symbol) return true;
    const lower = (text: Text): Text => ({ ...text, value: text.value.toLowerCase() });
    const same = equal(lower(issuer), lower(own.text));
    return same === true && issuer.holes.length > 0 ? null : same;
  }

  /** A key of a request of which nothing but the principal is known. */
  private ofStranger(key: Text, id: string, lower: string | undefined, isClaim: boolean): KeyOfRequest {
    if (lower === 'aws:securetransport') return { fixed: present(lower, [plain('true')]) };
    const isToken = this.caller.kind === 'token';
    if (isToken ? lower === 'sts:externalid' : isClaim && lower !== undefined)
      return { fixed: absent(shownText(key), "it isn't in such a request") };
    const isThere =
      lower !== undefined && requestKeys(this.request, undefined).lookup(key).presence === true && /time$|region$|sessionname$/.test(lower);
    // Few providers write session tags into their tokens.
    const certain = lower !== undefined && !(isToken && sessionKeys.test(lower));
    return free({ id, key, presence: isThere ? 'always' : 'maybe', certain });
  }

  private clusterPart(key: string): KeyOfRequest | undefined {
    const part = { 'aws:requesttag/eks-cluster-arn': 'arn', 'aws:requesttag/eks-cluster-name': 'name', 'aws:sourceaccount': 'account' }[
      key
    ];
    if (part === undefined || this.caller.kind !== 'pods') return undefined;
    return {
      free: {
        id: 'cluster',
        name: key,
        key,
        isCluster: true,
        presence: 'always',
        certain: true,
        dependent: false,
        multivalued: false,
        domain: clusters(this.scope.roleAccount, this.scope.rolePartition),
      },
      ...(part === 'arn' ? {} : { part: part as ClusterPart }),
    };
  }
}

interface Found extends Partial<Omit<FreeKey, 'key' | 'name'>> {
  readonly id: string;
  readonly key: Text;
  readonly presence: FreeKey['presence'];
}

function free({ key, domain, preferred, ...found }: Omit<Found, 'domain'> & { readonly domain?: Program | undefined }): KeyOfRequest {
  const lower = literal(key)?.toLowerCase();
  return {
    free: {
      certain: lower !== undefined,
      dependent: lower !== undefined && dependent.test(lower),
      multivalued: lower === undefined || multivalued.has(lower),
      ...found,
      name: shownText(key),
      ...(lower === undefined ? {} : { key: lower }),
      ...(domain ? { domain } : {}),
      ...(preferred ? { preferred } : {}),
    },
  };
}
