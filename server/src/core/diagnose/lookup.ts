import { parseEksIssuer } from '../model/issuer';
import { caseOf } from './decide/case';
import { questionOf } from './decide/conclude';
import { readPastes, type DiagnoseInput } from './diagnose';
import type { Files } from './files/port';

/** What to look for in CloudTrail. Every value has a known form; none is a text of the paste. */
export interface LookupQuestion {
  /** Request IDs of the pasted errors, in lower case: one of them decides which event is meant. */
  readonly requestIds: readonly string[];
  /** A whole ARN. */
  readonly roleArn?: string;
  /** Who asked, where that is known for sure. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  /** Regions that the pastes name, the likeliest first. */
  readonly regions: readonly string[];
  readonly mechanism?: 'irsa' | 'pod-identity';
  /** True where the paste already holds the event of its request ID. */
  readonly answered: boolean;
}

const mostRequestIds = 50;
const mostRegions = 3;
const roleArnForm = /^arn:aws[a-z-]{0,10}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

/** What CloudTrail is to be asked about these pastes: their request IDs, else the role that they or the files name. Never throws. */
export function lookupQuestion(input: DiagnoseInput, files: Files): LookupQuestion {
  const { findings } = readPastes(input.pastes);
  const known = caseOf(findings);
  const texts = [
    ...findings.observations.filter(({ carrier }) => carrier === 'text'),
    ...findings.symptoms.filter(({ emitter }) => emitter !== 'CloudTrail'),
  ].flatMap(({ readings }) => readings);
  const requestIds = [...new Set(texts.filter(({ kind }) => kind === 'requestId').map(({ value }) => value.toLowerCase()))];
  const told = (kind: 'role' | 'namespace' | 'serviceAccount'): string | undefined => {
    const found = known[kind];
    return found?.sure === 'told' && !known.contradicted.has(kind) ? found.value : undefined;
  };
  const namespace = told('namespace');
  const name = told('serviceAccount');
  const pasted = told('role');
  const roleArn = pasted !== undefined && roleArnForm.test(pasted) ? pasted : roleOfFiles(input, files);
  const issuerRegion = known.issuer && parseEksIssuer(known.issuer.value)?.region;
  const regions = [...findings.observations, ...findings.symptoms]
    .flatMap(({ readings }) => readings)
    .filter(({ kind, sure }) => kind === 'region' && sure !== 'masked')
    .map(({ value }) => value);
  return {
    requestIds: requestIds.slice(0, mostRequestIds),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(namespace !== undefined && name !== undefined ? { serviceAccount: { namespace, name } } : {}),
    regions: [...new Set([...regions, ...(issuerRegion === undefined ? [] : [issuerRegion])])].slice(0, mostRegions),
    ...(known.mechanism ? { mechanism: known.mechanism } : {}),
    answered: known.joined,
  };
}

/** The role that the files give to whom the pastes or the user name, where it is one. */
function roleOfFiles({ pastes, workload }: DiagnoseInput, files: Files): string | undefined {
  const question = questionOf(caseOf(readPastes(pastes).findings), workload);
  const roles = new Set((question ? files.look(question) : []).map(({ roleArn }) => roleArn));
  const [only] = roles;
  return roles.size === 1 && only !== undefined && roleArnForm.test(only) ? only : undefined;
}
