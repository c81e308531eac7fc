import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { PolicyDocument } from '../../core/model/policy';
import { policyFromText, readPolicyDocument } from '../../core/readers/policyDocument';
import { parseJson } from '../../core/documents/readSourceFile';
import { judge } from '../../core/trust/judge';
import { openStream, systemReason } from '../../host/readText';
import type { Console } from '../console';
import { Failure } from '../failure';
import { jsonText } from '../words';
import { toRequest, type RequestFields } from './request';

/** 1 GB: some million cases. */
const limit = 1024 * 1024 * 1024;

/** Judges each line of a file (`-`: standard input) and prints a line for it, in the same order. */
export async function explainBatch(file: string, console: Console, cwd: string): Promise<void> {
  let descriptor = 0;
  try {
    if (file !== '-') descriptor = openStream(resolve(cwd, file), limit);
  } catch (error) {
    throw new Failure(`${file}: ${systemReason(error)}`);
  }
  const input = file === '-' ? process.stdin : createReadStream('', { fd: descriptor });
  let failure: unknown;
  input.on('error', (error: Error) => (failure = error));
  let number = 0;
  let out: string[] = [];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') continue;
    out.push(`${jsonText(answer(text, number))}\n`);
    console.progress(() => `Judging: line ${number}`);
    if (out.length >= 200) {
      await console.print(out.join(''));
      out = [];
    }
  }
  await console.print(out.join(''));
  if (failure !== undefined) throw new Failure(`${file}: ${systemReason(failure)}`);
}

/** The answer to one line: a decision, or what is wrong with the line. Never throws. */
export function answer(line: string, number: number): object {
  let id: unknown = null;
  try {
    const fields: unknown = JSON.parse(line);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return { id, error: `line ${number} isn't a JSON object` };
    id = (fields as { id?: unknown }).id ?? null;
    const read = readFields(fields as Record<string, unknown>);
    if (typeof read === 'string') return { id, error: read };
    const policy = readPolicy(line, (fields as { trustPolicy?: unknown }).trustPolicy);
    if (!policy) return { id, error: 'the trustPolicy is missing: an object, or a text that holds one' };
    const made = toRequest(read);
    if ('error' in made) return { id, error: made.error };
    return { id, decision: judge(policy, made.request).decision };
  } catch (error) {
    if (error instanceof SyntaxError) return { id, error: `line ${number} is not JSON` };
    return { id, error: `not evaluated: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const textFields = ['mechanism', 'roleArn', 'account', 'issuer', 'audience', 'namespace', 'serviceAccount', 'clusterArn'] as const;

function readFields(fields: Record<string, unknown>): RequestFields | string {
  const read: Record<string, unknown> = {};
  for (const name of textFields) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') return `${name} isn't a string`;
    read[name] = value;
  }
  const { providerClientIds, context } = fields;
  if (providerClientIds !== undefined && providerClientIds !== null) {
    if (!isTexts(providerClientIds)) return "providerClientIds isn't a list of strings";
    read['clientIds'] = providerClientIds;
  }
  if (context !== undefined && context !== null) {
    if (
      typeof context !== 'object' ||
      !Object.values(context).every((value) => value === null || typeof value === 'string' || isTexts(value))
    )
      return "context isn't an object of keys and strings";
    read['context'] = context;
  }
  return read;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The policy is read from the line's own text: parsed by `JSON.parse`, a key that stands twice would be lost. */
function readPolicy(line: string, value: unknown): PolicyDocument | undefined {
  if (typeof value === 'string') return policyFromText(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const tree = parseJson(line);
  if (tree.root?.kind !== 'map') return undefined;
  const entries = tree.root.entries.filter((entry) => entry.key.value === 'trustPolicy');
  return readPolicyDocument(entries[entries.length - 1]?.value, tree);
}
