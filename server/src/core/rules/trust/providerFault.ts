import { parseArn, parseProviderArn } from '../../model/arn';
import { issuerKind, parseEksIssuer } from '../../model/issuer';
import { partitionOfRegion } from '../../model/partitions';
import type { Text } from '../../text/text';
import { isHole, literal } from '../../text/texts';
import { isStandInAccount } from '../../model/standIns';
import { repairIssuer } from './issuerRepair';
import { clause, line } from '../../text/message';

/** The error in a provider's ARN; offsets are in the value. */
export interface ProviderFault {
  readonly says: string;
  /** True if IAM rejects the value; else IAM accepts it, and no token matches. */
  readonly refused?: boolean;
  readonly advice: string;
  readonly corrected?: { readonly start: number; readonly end: number; readonly value: string };
  /** Set when the issuer itself changes: keys with the old one change with it. */
  readonly issuer?: { readonly from: string; readonly to: string };
}

const form = 'Use arn:aws:iam::<account>:oidc-provider/<issuer without https://>.';
const resource = 'oidc-provider/';

/** Looks at a value of `Federated` that is meant for a cluster. Only its literal parts are judged. */
export function providerFault(value: Text): ProviderFault | undefined {
  if (isHole(value)) return undefined;
  const text = value.value;
  const fixed = (offset: number) => !value.holes.some((h) => h.start <= offset && offset < h.end);
  if (text !== text.trim() && fixed(0) && fixed(text.length - 1)) {
    const whole = literal(value);
    return {
      says: 'The provider ARN has white space around it',
      advice: 'Remove it.',
      ...(whole !== undefined ? { corrected: { start: 0, end: text.length, value: text.trim() } } : {}),
    };
  }
  if (/^https?:\/\//i.test(text) && fixed(0)) return { says: 'The provider is a URL instead of an ARN', refused: true, advice: form };
  const arn = parseArn(value);
  if (!arn) return notAnArn(value);
  return ofParts(arn) ?? ofResource(value, text.length - arn.resource.value.length);
}

function notAnArn(value: Text): ProviderFault | undefined {
  const text = value.value;
  const colon = /^arn:[^:]*:iam:(?=\d{12}:oidc-provider\/)/.exec(text);
  if (colon) {
    return {
      says: 'The provider ARN has no colon before the account',
      refused: true,
      advice: form,
      corrected: { start: colon[0].length, end: colon[0].length, value: ':' },
    };
  }
  const known = literal(value);
  if (known === undefined) return undefined;
  if (/^arn:/i.test(known)) return { says: clause`${known} isn't a provider ARN`, refused: true, advice: form };
  return { says: "The provider isn't an ARN", refused: true, advice: form };
}

function ofParts(arn: NonNullable<ReturnType<typeof parseArn>>): ProviderFault | undefined {
  const service = literal(arn.service);
  if (service !== undefined && service !== 'iam')
    return {
      says: service === '' ? 'The provider ARN has no service' : clause`The provider ARN has the service ${service} instead of iam`,
      refused: true,
      advice: form,
    };
  const region = literal(arn.region);
  const at = 'arn:'.length + arn.partition.value.length + 1 + arn.service.value.length + 1;
  if (region !== undefined && region !== '') {
    return {
      says: clause`The provider ARN has the region ${region}, and IAM has no regions`,
      refused: true,
      advice: 'Remove it.',
      corrected: { start: at, end: at + region.length, value: '' },
    };
  }
  const account = literal(arn.account);
  if (account === '') return { says: 'The provider ARN has no account', refused: true, advice: form };
  if (account !== undefined && account !== 'aws' && !/^\d{12}$/.test(account) && !isStandInAccount(account)) {
    return {
      says: clause`${account} isn't an account ID, which has 12 digits`,
      refused: true,
      advice: 'Use the account ID of the provider.',
    };
  }
  return undefined;
}

function ofResource(value: Text, start: number): ProviderFault | undefined {
  const text = value.value;
  const rest = text.slice(start);
  const hole = value.holes.find((h) => h.end > start)?.start ?? Infinity;
  if (rest.startsWith('oidc-provider:') && start + 14 <= hole) {
    return {
      says: 'The provider ARN has a colon after oidc-provider instead of a slash',
      refused: true,
      advice: form,
      corrected: { start: start + 13, end: start + 14, value: '/' },
    };
  }
  if (!rest.startsWith(resource)) {
    if (start >= hole || literal(value) === undefined) return undefined;
    return { says: clause`${rest} isn't an OIDC provider`, refused: true, advice: form };
  }
  const from = start + resource.length;
  const again = /^(\/+(oidc-provider\/)*|(oidc-provider\/+)+)/.exec(text.slice(from));
  if (again && from < hole)
    return {
      says:
        again[2] || again[3]
          ? 'The provider ARN contains oidc-provider/ twice'
          : 'The provider ARN has more than one slash after oidc-provider',
      advice: 'Remove one of them.',
      corrected: { start: from, end: from + again[0].length, value: '' },
    };
  const scheme = /^(https?:\/\/)+/i.exec(text.slice(from));
  if (scheme && from < hole)
    return {
      says: 'The provider ARN contains https://',
      advice: 'Remove it.',
      corrected: { start: from, end: from + scheme[0].length, value: '' },
    };
  return ofIssuer(value, from);
}

function ofIssuer(value: Text, from: number): ProviderFault | undefined {
  const text = value.value;
  const fixed = (offset: number) => !value.holes.some((h) => h.start <= offset && offset < h.end);
  const last = text.length - 1;
  if (from > last) return { says: 'The provider ARN has no issuer after oidc-provider/', refused: true, advice: form };
  const tail = /(\/+|:(sub|aud))$/.exec(text);
  const idless = tail?.[2] === undefined && repairIssuer(text.slice(from).replace(/\/+$/, '')) !== undefined;
  if (tail && tail.index > from && fixed(tail.index) && !idless) {
    const says = tail[2] ? `The provider ARN ends with ${tail[0]}, which is for condition keys` : 'The provider ARN ends with a slash';
    return { says, advice: 'Remove it.', corrected: { start: tail.index, end: text.length, value: '' } };
  }
  const star = [...text.slice(from)].findIndex((char, i) => (char === '*' || char === '?') && fixed(from + i));
  if (star >= 0 && !text.includes('${'))
    return { says: "Wildcards aren't expanded in a principal", advice: "Use the cluster's full issuer." };
  const issuer = parseProviderArn(value)?.issuer;
  const known = literal(issuer);
  if (known === undefined) return ofTemplate(text.slice(from), value);
  const fault = repairIssuer(known);
  if (fault) {
    return {
      says: fault.says,
      advice: fault.issuer ? line`Change the issuer to ${fault.issuer}.` : 'Use oidc.eks.<region>.amazonaws.com/id/<ID>.',
      ...(fault.issuer
        ? { corrected: { start: from, end: text.length, value: fault.issuer }, issuer: { from: known, to: fault.issuer } }
        : {}),
    };
  }
  if (issuerKind(known) === 'eks-malformed')
    return { says: clause`${known} isn't the issuer of an EKS cluster`, advice: 'Use oidc.eks.<region>.amazonaws.com/id/<ID>.' };
  return ofRegion(known, from, literal(parseArn(value)?.account));
}

/** The host's form is certain even if region and ID are holes. */
function ofTemplate(text: string, value: Text): ProviderFault | undefined {
  let bare = value.value;
  for (const hole of [...value.holes].reverse()) bare = `${bare.slice(0, hole.start)}X${bare.slice(hole.end)}`;
  const host = bare.slice(bare.length - (text.length - (value.value.length - bare.length))).split('/')[0] ?? '';
  if (/^oidc\.X\.eks\.amazonaws\.com(\.cn)?$/.test(host))
    return { says: "The issuer's host has eks after the region", advice: 'Use oidc.eks.<region>.amazonaws.com.' };
  if (/^oidc-eks\.X\.(api\.aws|api\.amazonwebservices\.com\.cn)$/.test(host)) {
    return { says: 'The dual-stack host is never the issuer of a token', advice: 'Use oidc.eks.<region>.amazonaws.com.' };
  }
  return undefined;
}

/** A region that no partition has, and that has not even the form of one: `eu-west-1a`, `eu-west1`. */
function ofRegion(issuer: string, from: number, account: string | undefined): ProviderFault | undefined {
  const { region, id = '' } = parseEksIssuer(issuer) ?? {};
  if (region === undefined || partitionOfRegion(region) || /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return undefined;
  if (!/^[a-z]{2}/.test(region) || /^(region|aws-?region|x+|my|your)/.test(region)) {
    // With a real account and a real ID beside it, the documentation's word was forgotten.
    const forgotten = /^(aws-?)?region/.test(region) && /^[0-9A-F]{32}$/.test(id) && account !== undefined && !isStandInAccount(account);
    return forgotten
      ? { says: clause`${region} is a placeholder for the cluster's region`, advice: "Use the cluster's region." }
      : undefined;
  }
  const zone = /^(.*-\d{1,2})[a-z]$/.exec(region)?.[1];
  const says =
    zone && partitionOfRegion(zone) ? clause`${region} is an availability zone, not a region` : clause`${region} isn't an AWS region`;
  if (!zone || !partitionOfRegion(zone)) return { says, advice: "Use the cluster's region." };
  const to = issuer.replace(`.${region}.`, `.${zone}.`);
  const start = from + 'oidc.eks.'.length;
  return { says, advice: `Use ${zone}.`, corrected: { start, end: start + region.length, value: zone }, issuer: { from: issuer, to } };
}
