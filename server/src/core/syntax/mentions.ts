/** Words that make a document matter beyond the account that it names: a near miss of the webhook's keys, a policy, credentials by hand. */
const more =
  /(?<![A-Za-z0-9.-])(?:eks|esk|kes|ekss|eeks|ekks|ek|eksa|eksp|eksamazonaws|irsa|iam)[._-]|(?<![\w.-])amazonaws\.com|role.arn|statement|aws_(?:session_token|role_session|container_|profile|shared_cred|config_file)|^[ \t]*\? /im;
/** Kinds whose body is data: nothing in it is read. As readers/kubernetes/manifests.ts has them. */
const dataKinds = new Set(['ConfigMap', 'Secret', 'SealedSecret', 'CustomResourceDefinition']);
const bindings = new Set(['RoleBinding', 'ClusterRoleBinding']);
const body = /^(?:spec|status|data|stringData|binaryData)[ \t]*:[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*/gm;
/** Longer lines are for the parser. */
const longestLine = 2000;
const nobody: ReadonlySet<string> = new Set();

/**
 * The names of service accounts for whose sake alone a YAML document can matter, as they are written; empty where
 * nothing in it is for us. Undefined where only a parser can tell. To be asked of documents that hold a trigger word.
 *
 * Most workloads of a repository name an account that asks for no role, and definitions and bindings speak of
 * accounts by the thousand: what they hold is told by their text, at a hundredth of what parsing costs.
 * @param certain words that make any document matter, whatever accounts it names
 */
export function accountsMentioned(text: string, certain: RegExp): ReadonlySet<string> | undefined {
  const kind = onlyKind(text);
  if (kind !== undefined && dataKinds.has(kind)) {
    if (text.includes('pod-roles-disable') || (kind !== 'ConfigMap' && kind !== 'Secret' && /statement["']?[ \t]*:/i.test(text))) return undefined;
    const head = text.replace(body, '');
    return certain.test(head) || more.test(head) ? undefined : nobody;
  }
  if (certain.test(text) || more.test(text)) return undefined;
  const names = new Set<string>();
  const mention = /service[-_]?account([\w-]*)/gi;
  let fields = 0;
  for (let match = mention.exec(text); match; match = mention.exec(text)) {
    const start = text.lastIndexOf('\n', match.index) + 1;
    const feed = text.indexOf('\n', match.index);
    const line = text.slice(start, feed < 0 ? text.length : feed).trimEnd();
    if (line.length > longestLine) return undefined;
    if (/^[ \t]*#/.test(line)) {
      mention.lastIndex = start + line.length;
      continue;
    }
    const named = field.exec(line);
    if (named) {
      const name = plainName(named[1]!);
      if (name === undefined) return undefined;
      names.add(name);
      fields++;
      mention.lastIndex = start + line.length;
    } else if (kind !== undefined && bindings.has(kind) && subjectKind.test(line)) {
      mention.lastIndex = start + line.length;
    } else if (!isHarmless(match, line.slice(match.index - start + match[0].length), line.slice(0, match.index - start))) return undefined;
  }
  // Pods that name no account run as `default`.
  const pods = text.match(/\bcontainers["']?[ \t]*:/g)?.length ?? 0;
  if (pods > fields) names.add('default');
  return names;
}

/** The kind that the document's one object has, by its only line of that key at the margin. */
function onlyKind(text: string): string | undefined {
  if (!/^metadata:/m.test(text)) return undefined;
  const kinds = text.match(/^kind:.*$/gm);
  return kinds?.length === 1 ? /^kind:[ \t]+["']?([A-Za-z]+)["']?[ \t]*(?:#.*)?\r?$/.exec(kinds[0])?.[1] : undefined;
}

/** The fields by which a pod, or what makes one, names its account. */
const field = /^[ \t]*(?:- +)?["']?(?:serviceAccountName|serviceAccount|taskServiceAccountName)["']?:[ \t]+(\S.*)$/;
const subjectKind = /^[ \t]*(?:- +)?kind:[ \t]+["']?ServiceAccount["']?$/;

/** A scalar on one line whose value is what is written: letters, a template's expressions, both. */
function plainName(written: string): string | undefined {
  const value = written.replace(/[ \t]+#.*$/, '');
  const bare = /^(["'])([\w.-]+)\1$/.exec(value)?.[2] ?? value;
  return /^(?:\{\{[^{}]*\}\}|[\w.-])+$/.test(bare) ? bare : undefined;
}

/** A word with an account in it by which no account is made or named: a value, or the key of something else. */
function isHarmless([, suffix = '']: RegExpExecArray, after: string, before: string): boolean {
  if (/^["'`]?[ \t]*:/.test(after)) return /^(?:token|ref|selector|issuer|key)/i.test(suffix) && !/(?:template|annotations?)$/i.test(suffix);
  return !/^[.\\[/]/.test(after) && !/\bkind["']?[ \t]*:[ \t]*["']?$/.test(before);
}
