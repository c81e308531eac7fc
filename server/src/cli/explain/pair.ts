import { resolve } from 'node:path';
import { explainVerdict, type ExplainDocument } from '../../core/features/explain';
import type { TrustPolicyFact } from '../../core/model/facts';
import { isNamespaceName, isServiceAccountName } from '../../core/model/subject';
import type { PolicyDocument } from '../../core/model/policy';
import { policyFromText } from '../../core/readers/policyDocument';
import { readFacts } from '../../core/readers/registry';
import { parseJson, readSourceFile } from '../../core/documents/readSourceFile';
import type { DocumentRef } from '../../core/syntax/sourceFile';
import { LineIndex } from '../../core/text/lineIndex';
import { literal } from '../../core/text/texts';
import { judge } from '../../core/trust/judge';
import { relativePath, toUri } from '../../host/paths';
import { readStdin } from '../../host/readStdin';
import { readBytes, readText, systemReason, type ReadResult } from '../../host/readText';
import { Failure } from '../failure';
import { suggestion } from '../words';
import type { Locate } from './output';
import { roleName, toRequest } from './request';

export interface PairOptions {
  readonly trust: string;
  readonly issuer?: string;
  readonly account?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly audience?: string;
  readonly roleArn?: string;
}

/** Explains one request against one trust policy file. Throws a {@link Failure} for arguments that cannot be. */
export function explainPair(options: PairOptions, cwd: string): { document: ExplainDocument; locate: Locate } {
  checkArguments(options);
  const made = toRequest(options);
  if ('error' in made) throw new Failure(`${made.error}.`);
  const { text, path } = readTrust(options.trust, cwd);
  const { policy, doc } = choosePolicy(text, path, options);
  const lines = new LineIndex(text);
  return {
    document: explainVerdict(
      made.request,
      roleName(options.roleArn) ?? `the role of ${options.trust === '-' ? 'this policy' : options.trust}`,
      judge(policy, made.request),
      policy,
      doc,
    ),
    locate: (place) => {
      const { line, character } = lines.positionAt(place.doc.start + place.span.start);
      return { path: options.trust === '-' ? '<stdin>' : relativePath(cwd, path), line: line + 1, column: character + 1 };
    },
  };
}

function checkArguments({ issuer, account, roleArn, namespace, serviceAccount }: PairOptions): void {
  const missing = [
    [issuer, '--issuer HOST/PATH'],
    [account ?? roleArn, '--account ID (or --role-arn ARN)'],
    [namespace, '--namespace NS'],
    [serviceAccount, '--service-account NAME'],
  ]
    .filter(([value]) => !value)
    .map(([, option]) => option);
  if (missing.length > 0) throw new Failure(`with --trust also ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} needed.`);
  if (!isNamespaceName(namespace!))
    throw new Failure(`${namespace!} cannot be a namespace: Kubernetes takes up to 63 lower-case letters, digits and "-".`);
  if (!isServiceAccountName(serviceAccount!))
    throw new Failure(`${serviceAccount!} cannot be a service account: Kubernetes takes lower-case letters, digits, "-" and ".".`);
}

function readTrust(given: string, cwd: string): { text: string; path: string } {
  const path = resolve(cwd, given === '-' ? '<stdin>' : given);
  let result: ReadResult;
  try {
    result = given === '-' ? readBytes(readStdin(20 * 1024 * 1024)) : readText(path, { pipes: true });
  } catch (error) {
    throw new Failure(`standard input: ${systemReason(error)}`);
  }
  if (result.kind !== 'text') throw new Failure(`${given}: ${result.kind === 'skipped' ? result.reason : 'not read'}`);
  return { text: result.file.text, path };
}

/** The policy of a file: the file is one, or holds it (the output of `aws iam get-role`, a manifest). */
function choosePolicy(text: string, path: string, options: PairOptions): { policy: PolicyDocument; doc: DocumentRef } {
  const whole = { policy: policyFromText(text), doc: { uri: toUri(path), index: 0, start: 0 } };
  if (isBarePolicy(text)) return whole;
  const documents = readSourceFile(toUri(path), text, /\.[a-z]+$/i.test(path) ? undefined : 'yaml').documents;
  const facts = documents.flatMap((document) => [...readFacts(document)]).filter((fact) => fact.kind === 'trustPolicy');
  const wanted = options.roleArn;
  const named = wanted === undefined ? [] : facts.filter((fact) => isFor(fact, wanted));
  const found = named.length > 0 ? named : facts;
  if (found.length === 1) return { policy: found[0]!.policy, doc: found[0]!.doc };
  if (found.length > 1) {
    const names = found.flatMap((fact) => literal(fact.roleName) ?? []);
    const near = wanted === undefined ? '' : suggestion(roleName(wanted) ?? '', names);
    throw new Failure(
      `${options.trust} holds ${found.length} trust policies${names.length > 0 ? ` (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})` : ''}: say by --role-arn which role is meant.${near}`,
    );
  }
  if (documents.some((document) => document.syntax === 'yaml') && !/^\s*["{]/.test(text))
    throw new Failure(`${options.trust} holds no trust policy.`);
  return whole;
}

function isBarePolicy(text: string): boolean {
  const { root } = parseJson(text);
  return root?.kind === 'map' && root.entries.some((entry) => /^statement$/i.test(entry.key.value));
}

function isFor(fact: TrustPolicyFact, arn: string): boolean {
  return literal(fact.roleArn) === arn || (fact.roleArn === undefined && literal(fact.roleName) === roleName(arn));
}
