import { QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { awsPoliciesRequest } from '../../../protocol/aws';
import { generateCheckRequest, type GenerateChoices, type PairOptions } from '../../../protocol/generate';
import { answered, problemOf } from '../aws/messages';
import { pickCluster } from '../aws/pickCluster';
import type { Services } from '../services';
import type { Answers } from './answers';
import { inputText, pickMany, pickOne, type Found, type StepFrame, type StepResult } from './steps';

/** One question of the wizard: takes the answers so far and gives them with its own. */
export type Question = (services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame) => Promise<StepResult<Answers>>;

interface Row<T> extends QuickPickItem {
  readonly data?: T;
}

async function how(_: Services, _choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const rows: Row<Answers['mechanism']>[] = [
    {
      label: 'IRSA',
      detail: "A token of the cluster's OIDC provider. Works everywhere: Fargate, Windows, across accounts. One trust policy a cluster.",
      data: 'irsa',
    },
    {
      label: 'EKS Pod Identity',
      detail: 'An association in the EKS API and an agent on the nodes. One trust policy for every cluster; not on Fargate.',
      data: 'pod-identity',
    },
  ];
  const picked = await pickOne(
    frame,
    'How the pod gets the role',
    rows,
    rows.find(({ data }) => data === answers.mechanism),
  );
  return withValue(picked, ({ data }) => ({ ...answers, mechanism: data! }));
}

async function cluster(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type Source = NonNullable<Answers['cluster']> | 'aws' | 'type';
  const rows: Row<Source>[] = choices.clusters.map((known) => ({
    label: known.name ?? known.issuer ?? '',
    data: known,
    description: [
      known.region,
      known.account,
      { aws: 'AWS', config: 'pod-roles.yaml', files: 'a trust policy of the workspace' }[known.from],
    ]
      .filter(Boolean)
      .join(' · '),
    ...(known.name && known.issuer ? { detail: known.issuer } : {}),
  }));
  if (rows.length > 0) rows.push({ label: '', kind: QuickPickItemKind.Separator });
  rows.push(
    { label: '$(cloud) Load clusters from AWS…', data: 'aws' },
    {
      label: '$(edit) Type it…',
      detail: answers.mechanism === 'irsa' ? 'the issuer and the AWS account' : "the cluster's name, region and account",
      data: 'type',
    },
  );
  const before = rows.find(
    ({ data }) => typeof data === 'object' && (data.issuer ?? data.name) === (answers.cluster?.issuer ?? answers.cluster?.name),
  );
  const picked = await pickOne(frame, 'Which cluster', rows, before);
  if (picked === 'back' || picked === 'cancel') return picked;
  const source = picked.value.data!;
  if (source === 'aws') {
    if (!(await services.aws.ensure('list your clusters'))) return cluster(services, choices, answers, frame);
    const found = await pickCluster(services, frame.title, true);
    if (!found) return cluster(services, choices, answers, frame);
    return {
      value: {
        ...answers,
        cluster: { name: found.name, region: found.region, account: found.account, ...(found.issuer ? { issuer: found.issuer } : {}) },
        accountId: found.account,
      },
    };
  }
  if (source === 'type') return typedCluster(services, choices, answers, frame);
  if (source.account) return { value: { ...answers, cluster: source, accountId: source.account } };
  const told = await account(services, choices, { ...answers, cluster: source }, { ...frame, canGoBack: true });
  return told === 'back' ? cluster(services, choices, { ...answers, cluster: source }, frame) : told;
}

/** The inputs of a cluster that is typed. Back leads to the input before; from the first one to the list. */
async function typedCluster(
  services: Services,
  choices: GenerateChoices,
  answers: Answers,
  frame: StepFrame,
): Promise<StepResult<Answers>> {
  const inner = { ...frame, canGoBack: true };
  const ask = (option: keyof PairOptions, prompt: string, value: string, now: Answers): Promise<StepResult<string>> =>
    inputText(inner, prompt, value, check(services, option, now));
  if (answers.mechanism === 'irsa') {
    const issuer = await ask(
      'issuer',
      "The cluster's OIDC issuer: oidc.eks.eu-west-1.amazonaws.com/id/…",
      answers.cluster?.issuer ?? '',
      answers,
    );
    if (issuer === 'back') return cluster(services, choices, answers, frame);
    if (issuer === 'cancel') return issuer;
    const next: Answers = { ...answers, cluster: { issuer: issuer.value.replace(/^https:\/\//i, '') } };
    const told = await account(services, choices, next, inner);
    return told === 'back' ? typedCluster(services, choices, next, frame) : told;
  }
  const name = await ask('cluster', "The cluster's name", answers.cluster?.name ?? '', answers);
  if (name === 'back') return cluster(services, choices, answers, frame);
  if (name === 'cancel') return name;
  return typedRegion(services, choices, { ...answers, cluster: { ...answers.cluster, name: name.value } }, inner, frame);
}

async function typedRegion(
  services: Services,
  choices: GenerateChoices,
  answers: Answers,
  inner: StepFrame,
  frame: StepFrame,
): Promise<StepResult<Answers>> {
  const region = await inputText(inner, "The cluster's region", answers.cluster?.region ?? '', check(services, 'region', answers));
  if (region === 'back') return typedCluster(services, choices, answers, frame);
  if (region === 'cancel') return region;
  const next: Answers = { ...answers, cluster: { name: answers.cluster?.name ?? '', region: region.value } };
  const told = await account(services, choices, next, inner);
  return told === 'back' ? typedRegion(services, choices, next, inner, frame) : told;
}

async function account(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const id = await inputText(
    frame,
    'The AWS account that the role belongs to: 12 digits',
    answers.accountId ?? choices.awsAccounts[0] ?? '',
    check(services, 'accountId', answers),
  );
  return withValue(id, (accountId) => ({ ...answers, accountId }));
}

async function serviceAccount(
  services: Services,
  choices: GenerateChoices,
  answers: Answers,
  frame: StepFrame,
): Promise<StepResult<Answers>> {
  type Known = GenerateChoices['accounts'][number];
  const rows: Row<Known>[] = choices.accounts.map((known) => ({
    label: known.namespace ? `${known.namespace}/${known.name}` : known.name,
    data: known,
    description: [
      known.here ? 'here' : undefined,
      workspace.asRelativePath(Uri.parse(known.uri)),
      known.roleArn ? 'already uses a role' : undefined,
    ]
      .filter(Boolean)
      .join(' · '),
  }));
  const fresh: Row<Known> = { label: '$(add) New…', alwaysShow: true };
  const picked = rows.length === 0 ? { value: fresh } : await pickOne(frame, 'Which service account', [...rows, fresh], rows[0]);
  if (picked === 'back' || picked === 'cancel') return picked;
  const known = picked.value.data;
  if (known?.namespace) return { value: { ...answers, namespace: known.namespace, serviceAccount: known.name, accountUri: known.uri } };
  return namespaceOf(services, choices, answers, known, rows.length > 0, frame);
}

type KnownAccount = GenerateChoices['accounts'][number];

/** The namespace of an account whose file names none, or of a new one. */
async function namespaceOf(
  services: Services,
  choices: GenerateChoices,
  answers: Answers,
  known: KnownAccount | undefined,
  listed: boolean,
  frame: StepFrame,
): Promise<StepResult<Answers>> {
  const namespace = await inputText(
    { ...frame, canGoBack: true },
    'The namespace',
    answers.namespace ?? choices.namespaces[0] ?? '',
    check(services, 'namespace', answers),
  );
  if (namespace === 'back') return listed ? serviceAccount(services, choices, answers, frame) : namespace;
  if (namespace === 'cancel') return namespace;
  if (known) return { value: { ...answers, namespace: namespace.value, serviceAccount: known.name, accountUri: known.uri } };
  const next: Answers = { ...answers, namespace: namespace.value };
  const name = await inputText(
    { ...frame, canGoBack: true },
    "The service account's name",
    answers.serviceAccount ?? '',
    check(services, 'serviceAccount', answers),
  );
  if (name === 'back') return namespaceOf(services, choices, next, known, listed, frame);
  const { accountUri: _none, ...rest } = next;
  return withValue(name, (value) => ({ ...rest, serviceAccount: value }));
}

async function roleName(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const asks = choices.accounts.find((known) => known.name === answers.serviceAccount && known.namespace === answers.namespace)?.roleArn;
  const proposed = asks?.slice(asks.lastIndexOf('/') + 1) ?? `${answers.namespace ?? ''}-${answers.serviceAccount ?? ''}`.slice(0, 64);
  const account = `${answers.namespace ?? ''}/${answers.serviceAccount ?? ''}`;
  // What was said for this account before is proposed again; for another account it is not meant.
  const kept = answers.roleNameFor === account ? answers.roleName : undefined;
  const name = await inputText(frame, "The role's name", kept ?? proposed, check(services, 'roleName', answers));
  return withValue(name, (value) => ({ ...answers, roleName: value, roleNameFor: account }));
}

async function permissions(
  services: Services,
  choices: GenerateChoices,
  answers: Answers,
  frame: StepFrame,
  text = '',
): Promise<StepResult<Answers>> {
  type Choice = { readonly arn: string } | 'file';
  const row = (arn: string, description?: string): Row<Choice> => ({
    label: arn.slice(arn.lastIndexOf('/') + 1),
    data: { arn },
    description: description ?? '',
    detail: arn,
  });
  const file: Row<Choice> = {
    label: '$(file) A policy file…',
    description: answers.policyUri ? workspace.asRelativePath(Uri.parse(answers.policyUri)) : 'JSON, becomes an inline policy',
    data: 'file',
    alwaysShow: true,
  };
  const checked = check(services, 'policyArns', answers);
  const looksLikeArn = (given: string): boolean => /^arn:|:policy\//.test(given.trim());
  const search = async (given: string): Promise<Found<Row<Choice>>> => {
    const trimmed = given.trim();
    if (looksLikeArn(trimmed)) {
      const { problem } = await checked(trimmed);
      return problem === undefined
        ? { rows: [{ ...row(trimmed, 'attach this ARN'), alwaysShow: true }] }
        : { rows: [], lead: { label: `$(error) ${problem}`, alwaysShow: true } };
    }
    if (trimmed.length < 2) return { rows: [] };
    const answer = await services.client.request(awsPoliciesRequest, { text: trimmed });
    if (answered(answer)) {
      const rows = answer.policies.map(({ arn, awsManaged, description }) =>
        row(arn, [awsManaged ? 'AWS managed' : 'customer managed', description].filter(Boolean).join(' · ')),
      );
      return rows.length > 0
        ? { rows }
        : {
            rows,
            lead: { label: `$(info) No policy is called like "${trimmed}"`, description: 'an ARN can be typed too', alwaysShow: true },
          };
    }
    const problem = problemOf(answer);
    const why = services.aws.allowed
      ? `${problem?.message ?? 'AWS gave no answer.'} ${problem?.next ?? ''}`
      : 'AWS is queried only after you opt in. An ARN can be typed without it.';
    return {
      rows: [],
      lead: {
        label: services.aws.allowed ? '$(warning) The policies could not be searched' : '$(cloud) Search AWS for policies…',
        detail: why,
        alwaysShow: true,
      },
    };
  };
  const typed = async (given: string): Promise<Row<Choice> | { problem: string } | undefined> => {
    if (!looksLikeArn(given)) return undefined;
    const { problem } = await checked(given);
    return problem === undefined ? row(given, 'attach this ARN') : { problem };
  };
  const chosen = [...answers.policyArns.map((arn) => row(arn)), ...(answers.policyUri ? [file] : [])];
  const picked = await pickMany<Row<Choice>>(
    frame,
    'Permissions: type to search policies by name, or an ARN; none is allowed',
    [file],
    chosen,
    {
      search,
      typed,
      text,
      key: ({ data, label }) => (data && data !== 'file' ? data.arn : label),
    },
  );
  if (typeof picked === 'string') return picked;
  const arnsOf = (rows: readonly Row<Choice>[]): string[] => rows.flatMap(({ data }) => (data && data !== 'file' ? [data.arn] : []));
  if ('lead' in picked) {
    if (looksLikeArn(picked.lead))
      return permissions(services, choices, { ...answers, policyArns: arnsOf(picked.chosen) }, frame, picked.lead);
    if (!services.aws.allowed) await services.aws.ensure('search its policies by name');
    else await services.aws.tellState();
    return permissions(services, choices, { ...answers, policyArns: arnsOf(picked.chosen) }, frame, picked.lead);
  }
  const policyArns = arnsOf(picked.value);
  const { policyUri: before, ...rest } = answers;
  if (!picked.value.some(({ data }) => data === 'file')) return { value: { ...rest, policyArns } };
  const opened = await window.showOpenDialog({
    title: 'The permission policy',
    filters: { JSON: ['json'] },
    canSelectMany: false,
    ...(before ? { defaultUri: Uri.parse(before) } : {}),
  });
  const policyUri = opened?.[0]?.toString() ?? before;
  // No file was chosen: back to the list, with what was picked in it.
  return policyUri === undefined
    ? permissions(services, choices, { ...rest, policyArns }, frame)
    : { value: { ...rest, policyArns, policyUri } };
}

async function make(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type What = { readonly format: string } | 'apply' | 'more';
  const rows: Row<What>[] = [
    ...choices.formats.map(({ id, title }) => ({ label: title, data: { format: id } })),
    { label: '$(cloud-upload) Apply to AWS', description: 'after a preview', data: 'apply' as const },
    { label: '$(settings-gear) More options…', description: 'path, boundary, session duration, audience, tags', data: 'more' as const },
  ];
  const chosen = rows.filter(({ data }) =>
    typeof data === 'object' ? answers.formats.includes(data.format) : data === 'apply' && answers.apply,
  );
  const picked = await pickMany(frame, 'What to make; everything is shown before it is written', rows, chosen);
  if (typeof picked === 'string') return picked;
  if (!('value' in picked)) return 'back';
  const next: Answers = {
    ...answers,
    apply: picked.value.some(({ data }) => data === 'apply'),
    formats: picked.value.flatMap(({ data }) => (typeof data === 'object' ? [data.format] : [])),
  };
  return picked.value.some(({ data }) => data === 'more') ? more(services, choices, next, frame) : { value: next };
}

const moreOptions = [
  ['path', "The role's path: / or /…/"],
  ['permissionsBoundary', "ARN of the policy that limits the role's permissions (permissions boundary)"],
  ['maxSessionDuration', 'Longest session in seconds: 3600 to 43200'],
  ['audience', "The token's audience, if it is not sts.amazonaws.com"],
] as const;

/** The inputs one after the other; Back leads to the one before, from the first to the list. */
async function more(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const options = moreOptions.filter(([option]) => option !== 'audience' || answers.mechanism === 'irsa');
  const inner = { ...frame, canGoBack: true };
  let now = answers;
  for (let at = 0; at <= options.length;) {
    const asked = options[at];
    const field = asked && check(services, asked[0], now);
    const text =
      asked && field
        ? await inputText(inner, `${asked[1]}; empty for the default`, now.more[asked[0]] ?? '', async (value) =>
            value.trim() === '' ? {} : field(value),
          )
        : await inputText(inner, 'Tags: key=value, separated by commas; empty for none', tagText(now.more.tags ?? {}), (value) =>
            Promise.resolve(readTags(value)),
          );
    if (text === 'cancel') return text;
    if (text === 'back') {
      if (at === 0) return make(services, choices, now, frame);
      at--;
      continue;
    }
    now = { ...now, more: { ...now.more, ...(asked ? { [asked[0]]: text.value || undefined } : { tags: readTags(text.value).tags }) } };
    at++;
  }
  return { value: now };
}

function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** Tags as they are typed, and in a sentence what is wrong with them. */
function readTags(text: string): { readonly tags: Record<string, string>; readonly problem?: string } {
  const tags: Record<string, string> = {};
  for (const part of text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const equals = part.indexOf('=');
    if (equals < 1) return { tags, problem: `"${part}" isn't a tag: use key=value.` };
    const key = part.slice(0, equals).trim();
    if (Object.keys(tags).some((each) => each.toLowerCase() === key.toLowerCase()))
      return { tags, problem: `The tag ${key} is used twice: tag keys are case-insensitive in IAM.` };
    tags[key] = part.slice(equals + 1).trim();
  }
  return { tags };
}

/** The server's check of one field. */
function check(
  { client }: Services,
  option: keyof PairOptions,
  answers: Answers,
): (text: string) => Promise<{ problem?: string; note?: string }> {
  return async (value) =>
    (await client.request(generateCheckRequest, {
      option,
      value,
      ...(answers.accountId === undefined ? {} : { accountId: answers.accountId }),
    })) ?? {};
}

function withValue<T>(result: StepResult<T>, next: (value: T) => Answers): StepResult<Answers> {
  return typeof result === 'string' ? result : { value: next(result.value) };
}

/** In the order in which they are asked. */
export const questions: readonly Question[] = [how, cluster, serviceAccount, roleName, permissions, make];
