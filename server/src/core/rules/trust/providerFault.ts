import { parseArn, parseProviderArn } from '../../model/arn';
import { issuerKind, parseEksIssuer } from '../../model/issuer';
import { partitionOfRegion } from '../../model/partitions';
import type { Text } from '../../text/text';
import { isHole, literal } from '../../text/texts';
import { isStandInAccount } from '../../model/standIns';
import { repairIssuer } from './issuerRepair';
import { shown } from '../../text/shown';

/** What is wrong with a provider's ARN; offsets are in the value. */
export interface ProviderFault {
  readonly says: string;
  /** True where IAM does not take the value; else it takes it, and no token matches. */
  readonly refused?: boolean;
  readonly advice: string;
  readonly mended?: { readonly start: number; readonly end: number; readonly value: string };
  /** Set when the issuer itself changes: keys with the old one change with it. */
  readonly issuer?: { readonly from: string; readonly to: string };
}

const form = 'Write arn:aws:iam::<account>:oidc-provider/<issuer without https://>.';
const resource = 'oidc-provider/';

/** Looks at a value of `Federated` that is meant for a cluster. Only its literal parts are judged. */
export function providerFault(value: Text): ProviderFault | undefined {
  if (isHole(value)) return undefined;
  const text = value.value;
  const fixed = (offset: number) => !value.holes.some((h) => h.start <= offset && offset < h.end);
  if (text !== text.trim() && fixed(0) && fixed(text.length - 1)) {
    const whole = literal(value);
    return {
      says: 'White space stands at the ends of the provider',
      advice: 'Take it out.',
      ...(whole !== undefined ? { mended: { start: 0, end: text.length, value: text.trim() } } : {}),
    };
  }
  if (/^https?:\/\//i.test(text) && fixed(0)) return { says: 'The provider is written as a URL', refused: true, advice: form };
  const arn = parseArn(value);
  if (!arn) return notAnArn(value);
  return ofParts(arn) ?? ofResource(value, text.length - arn.resource.value.length);
}

function notAnArn(value: Text): ProviderFault | undefined {
  const text = value.value;
  const colon = /^arn:[^:]*:iam:(?=\d{12}:oidc-provider\/)/.exec(text);
  if (colon) {
    return {
      says: 'A colon is missing before the account',
      refused: true,
      advice: form,
      mended: { start: colon[0].length, end: colon[0].length, value: ':' },
    };
  }
  const known = literal(value);
  if (known === undefined) return undefined;
  if (/^arn:/i.test(known)) return { says: `${shown(known)} is no provider's ARN`, refused: true, advice: form };
  return { says: 'The provider is written without its ARN', refused: true, advice: form };
}

function ofParts(arn: NonNullable<ReturnType<typeof parseArn>>): ProviderFault | undefined {
  const service = literal(arn.service);
  if (service !== undefined && service !== 'iam')
    return { says: `A provider is IAM's, not ${service === '' ? 'nobody' : shown(service)}'s`, refused: true, advice: form };
  const region = literal(arn.region);
  const at = 'arn:'.length + arn.partition.value.length + 1 + arn.service.value.length + 1;
  if (region !== undefined && region !== '') {
    return {
      says: `A provider's ARN has no region, and ${shown(region)} stands there`,
      refused: true,
      advice: 'Take it out.',
      mended: { start: at, end: at + region.length, value: '' },
    };
  }
  const account = literal(arn.account);
  if (account === '') return { says: "The provider's ARN has no account", refused: true, advice: form };
  if (account !== undefined && account !== 'aws' && !/^\d{12}$/.test(account) && !isStandInAccount(account)) {
    return {
      says: `${shown(account)} is no account: an account has 12 digits`,
      refused: true,
      advice: 'Write the account of the provider.',
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
      says: 'A colon stands after oidc-provider, where a slash belongs',
      refused: true,
      advice: form,
      mended: { start: start + 13, end: start + 14, value: '/' },
    };
  }
  if (!rest.startsWith(resource)) {
    if (start >= hole || literal(value) === undefined) return undefined;
    return { says: `${shown(rest)} is no OIDC provider`, refused: true, advice: form };
  }
  const from = start + resource.length;
  const again = /^(\/+(oidc-provider\/)*|(oidc-provider\/+)+)/.exec(text.slice(from));
  if (again && from < hole)
    return {
      says: again[2] || again[3] ? 'oidc-provider/ stands twice' : 'A slash stands twice',
      advice: 'Take one out.',
      mended: { start: from, end: from + again[0].length, value: '' },
    };
  const scheme = /^(https?:\/\/)+/i.exec(text.slice(from));
  if (scheme && from < hole)
    return {
      says: "The provider's ARN holds https://",
      advice: 'Take it out.',
      mended: { start: from, end: from + scheme[0].length, value: '' },
    };
  return ofIssuer(value, from);
}

function ofIssuer(value: Text, from: number): ProviderFault | undefined {
  const text = value.value;
  const fixed = (offset: number) => !value.holes.some((h) => h.start <= offset && offset < h.end);
  const last = text.length - 1;
  if (from > last) return { says: 'The ARN names no issuer after oidc-provider/', refused: true, advice: form };
  const tail = /(\/+|:(sub|aud))$/.exec(text);
  const idless = tail?.[2] === undefined && repairIssuer(text.slice(from).replace(/\/+$/, '')) !== undefined;
  if (tail && tail.index > from && fixed(tail.index) && !idless) {
    const says = tail[2] ? `The ARN ends with ${tail[0]}, which belongs to condition keys` : "A slash stands at the ARN's end";
    return { says, advice: 'Take it out.', mended: { start: tail.index, end: text.length, value: '' } };
  }
  const star = [...text.slice(from)].findIndex((char, i) => (char === '*' || char === '?') && fixed(from + i));
  if (star >= 0 && !text.includes('${'))
    return { says: 'Wildcards are no patterns in a principal', advice: "Write the cluster's whole issuer." };
  const issuer = parseProviderArn(value)?.issuer;
  const known = literal(issuer);
  if (known === undefined) return ofTemplate(text.slice(from), value);
  const fault = repairIssuer(known);
  if (fault) {
    return {
      says: fault.says,
      advice: fault.issuer ? `Write ${shown(fault.issuer)}.` : 'Write oidc.eks.<region>.amazonaws.com/id/<ID>.',
      ...(fault.issuer
        ? { mended: { start: from, end: text.length, value: fault.issuer }, issuer: { from: known, to: fault.issuer } }
        : {}),
    };
  }
  if (issuerKind(known) === 'eks-malformed')
    return { says: `${shown(known)} is no issuer of an EKS cluster`, advice: 'Write oidc.eks.<region>.amazonaws.com/id/<ID>.' };
  return ofRegion(known, from, literal(parseArn(value)?.account));
}

/** The host's form is sure even where region and ID are holes. */
function ofTemplate(text: string, value: Text): ProviderFault | undefined {
  let bare = value.value;
  for (const hole of [...value.holes].reverse()) bare = `${bare.slice(0, hole.start)}X${bare.slice(hole.end)}`;
  const host = bare.slice(bare.length - (text.length - (value.value.length - bare.length))).split('/')[0] ?? '';
  if (/^oidc\.X\.eks\.amazonaws\.com(\.cn)?$/.test(host))
    return { says: "The host's parts are out of order: it is oidc.eks.<region>.amazonaws.com", advice: 'Put eks before the region.' };
  if (/^oidc-eks\.X\.(api\.aws|api\.amazonwebservices\.com\.cn)$/.test(host)) {
    return { says: 'The dual-stack host is never the issuer of a token', advice: 'Write oidc.eks.<region>.amazonaws.com.' };
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
      ? { says: `${region} still stands where the cluster's region belongs`, advice: "Write the cluster's region." }
      : undefined;
  }
  const zone = /^(.*-\d{1,2})[a-z]$/.exec(region)?.[1];
  const says = zone && partitionOfRegion(zone) ? `${region} is an availability zone, not a region` : `${region} is no region`;
  if (!zone || !partitionOfRegion(zone)) return { says, advice: "Write the cluster's region." };
  const to = issuer.replace(`.${region}.`, `.${zone}.`);
  const start = from + 'oidc.eks.'.length;
  return { says, advice: `Write ${zone}.`, mended: { start, end: start + region.length, value: zone }, issuer: { from: issuer, to } };
}
