import { QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import type { AwsAnswer, AwsPolicyItem } from '../../../server/src/lsp/protocol/aws';
import type { GenerateChoices, PairOptions } from '../../../server/src/lsp/protocol/generate';
import { answered } from '../aws/messages';
import { pickCluster } from '../aws/pickCluster';
import type { Services } from '../services';
import type { Answers } from './answers';
import { inputText, pickMany, pickOne, type StepFrame, type StepResult } from './steps';

/** One question of the wizard: takes the answers so far and gives them with its own. */
export type Question = (services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame) => Promise<StepResult<Answers>>;

interface Row<T> extends QuickPickItem {
  readonly data?: T;
}

async function how(_: Services, _choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const rows: Row<Answers['mechanism']>[] = [
    { label: 'IRSA', detail: 'A token of the cluster\'s OIDC provider. Works everywhere: Fargate, Windows, across accounts. One trust policy a cluster.', data: 'irsa' },
    { label: 'EKS Pod Identity', detail: 'An association in the EKS API and an agent on the nodes. One trust policy for every cluster; not on Fargate.', data: 'pod-identity' },
  ];
  const picked = await pickOne(frame, 'How the pod gets the role', rows, rows.find(({ data }) => data === answers.mechanism));
  return withValue(picked, ({ data }) => ({ ...answers, mechanism: data! }));
}

async function cluster(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type Source = NonNullable<Answers['cluster']> | 'aws' | 'type';
  const rows: Row<Source>[] = choices.clusters.map((known) => ({
    label: known.name ?? known.issuer ?? '', data: known,
    description: [known.region, known.account, { aws: 'AWS', config: 'pod-roles.yaml', files: 'a trust policy of the workspace' }[known.from]].filter(Boolean).join(' · '),
    ...(known.name && known.issuer ? { detail: known.issuer } : {}),
  }));
  if (rows.length > 0) rows.push({ label: '', kind: QuickPickItemKind.Separator });
  rows.push({ label: '$(cloud) Ask AWS for clusters…', data: 'aws' }, { label: '$(edit) Type it…', detail: answers.mechanism === 'irsa' ? 'the issuer and the AWS account' : 'the cluster\'s name, region and account', data: 'type' });
  const before = rows.find(({ data }) => typeof data === 'object' && (data.issuer ?? data.name) === (answers.cluster?.issuer ?? answers.cluster?.name));
  const picked = await pickOne(frame, 'Which cluster', rows, before);
  if (picked === 'back' || picked === 'cancel') return picked;
  const source = picked.value.data!;
  if (source === 'aws') {
    if (!(await services.aws.ensure('list your clusters'))) return cluster(services, choices, answers, frame);
    const found = await pickCluster(services, frame.title, true);
    if (!found) return 'cancel';
    return { value: { ...answers, cluster: { name: found.name, region: found.region, account: found.account, ...(found.issuer ? { issuer: found.issuer } : {}) }, accountId: found.account } };
  }
  if (source === 'type') return typedCluster(services, choices, answers, frame);
  return source.account ? { value: { ...answers, cluster: source, accountId: source.account } } : account(services, choices, { ...answers, cluster: source }, frame);
}

async function typedCluster(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const ask = (option: keyof PairOptions, prompt: string, value: string): Promise<StepResult<string>> => inputText(frame, prompt, value, check(services, option, answers));
  if (answers.mechanism === 'irsa') {
    const issuer = await ask('issuer', 'The cluster\'s OIDC issuer: oidc.eks.eu-west-1.amazonaws.com/id/…', answers.cluster?.issuer ?? '');
    if (typeof issuer === 'string') return issuer;
    return account(services, choices, { ...answers, cluster: { issuer: issuer.value.replace(/^https:\/\//i, '') } }, frame);
  }
  const name = await ask('cluster', 'The cluster\'s name', answers.cluster?.name ?? '');
  if (typeof name === 'string') return name;
  const region = await ask('region', 'The cluster\'s region', answers.cluster?.region ?? '');
  if (typeof region === 'string') return region;
  return account(services, choices, { ...answers, cluster: { name: name.value, region: region.value } }, frame);
}

async function account(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const id = await inputText(frame, 'The AWS account that the role belongs to: 12 digits', answers.accountId ?? choices.awsAccounts[0] ?? '', check(services, 'accountId', answers));
  return withValue(id, (accountId) => ({ ...answers, accountId }));
}

async function serviceAccount(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type Known = GenerateChoices['accounts'][number];
  const rows: Row<Known>[] = choices.accounts.map((known) => ({
    label: known.namespace ? `${known.namespace}/${known.name}` : known.name, data: known,
    description: [known.here ? 'here' : undefined, workspace.asRelativePath(Uri.parse(known.uri)), known.roleArn ? 'asks for a role already' : undefined].filter(Boolean).join(' · '),
  }));
  const fresh: Row<Known> = { label: '$(add) New…', alwaysShow: true };
  const picked = rows.length === 0 ? { value: fresh } : await pickOne(frame, 'Which service account', [...rows, fresh], rows[0]);
  if (picked === 'back' || picked === 'cancel') return picked;
  const known = picked.value.data;
  if (known?.namespace) return { value: { ...answers, namespace: known.namespace, serviceAccount: known.name, accountUri: known.uri } };
  const namespace = await inputText(frame, 'The namespace', answers.namespace ?? choices.namespaces[0] ?? '', check(services, 'namespace', answers));
  if (typeof namespace === 'string') return namespace;
  if (known) return { value: { ...answers, namespace: namespace.value, serviceAccount: known.name, accountUri: known.uri } };
  const name = await inputText(frame, 'The service account\'s name', answers.serviceAccount ?? '', check(services, 'serviceAccount', answers));
  const { accountUri: _none, ...rest } = answers;
  return withValue(name, (value) => ({ ...rest, namespace: namespace.value, serviceAccount: value }));
}

async function roleName(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const asks = choices.accounts.find((known) => known.name === answers.serviceAccount && known.namespace === answers.namespace)?.roleArn;
  const proposed = asks?.slice(asks.lastIndexOf('/') + 1) ?? `${answers.namespace ?? ''}-${answers.serviceAccount ?? ''}`.slice(0, 64);
  const name = await inputText(frame, 'The role\'s name', proposed, check(services, 'roleName', answers));
  return withValue(name, (value) => ({ ...answers, roleName: value }));
}

async function permissions(services: Services, _choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type Choice = { readonly arn: string } | 'file';
  const row = (arn: string, description?: string, detail?: string): Row<Choice> => ({ label: arn.slice(arn.lastIndexOf('/') + 1), data: { arn }, description: description ?? arn, ...(detail ? { detail } : {}) });
  const file: Row<Choice> = { label: '$(file) A policy file…', description: answers.policyUri ? workspace.asRelativePath(Uri.parse(answers.policyUri)) : 'JSON, becomes an inline policy', data: 'file', alwaysShow: true };
  const search = async (text: string): Promise<readonly Row<Choice>[]> => {
    if (/^arn:/.test(text.trim())) return [row(text.trim(), 'attach this ARN')];
    if (text.trim().length < 2) return [];
    const answer = await services.client.request<AwsAnswer<{ policies: readonly AwsPolicyItem[] }>>('podRoles/aws/policies', { text });
    return answered(answer) ? answer.policies.map(({ arn, awsManaged, description }) => row(arn, awsManaged ? 'AWS managed' : 'customer managed', description)) : [];
  };
  const chosen = [...answers.policyArns.map((arn) => row(arn)), ...(answers.policyUri ? [file] : [])];
  const picked = await pickMany(frame, 'What the role may do: type to search policies by name, or an ARN; none is fine', [file], chosen, search);
  if (picked === 'back' || picked === 'cancel') return picked;
  const policyArns = picked.value.flatMap(({ data }) => (data && data !== 'file' ? [data.arn] : []));
  const { policyUri: before, ...rest } = answers;
  if (!picked.value.some(({ data }) => data === 'file')) return { value: { ...rest, policyArns } };
  const opened = await window.showOpenDialog({ title: 'The permission policy', filters: { JSON: ['json'] }, canSelectMany: false, ...(before ? { defaultUri: Uri.parse(before) } : {}) });
  return { value: { ...rest, policyArns, ...(opened?.[0] ? { policyUri: opened[0].toString() } : {}) } };
}

async function make(services: Services, choices: GenerateChoices, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  type What = { readonly format: string } | 'apply' | 'more';
  const rows: Row<What>[] = [
    ...choices.formats.map(({ id, title }) => ({ label: title, data: { format: id } })),
    { label: '$(cloud-upload) Apply to AWS', description: 'after a preview', data: 'apply' as const },
    { label: '$(settings-gear) More options…', description: 'path, boundary, session duration, audience, tags', data: 'more' as const },
  ];
  const chosen = rows.filter(({ data }) => (typeof data === 'object' ? answers.formats.includes(data.format) : data === 'apply' && answers.apply));
  const picked = await pickMany(frame, 'What to make; everything is shown before it is written', rows, chosen);
  if (picked === 'back' || picked === 'cancel') return picked;
  const next: Answers = {
    ...answers, apply: picked.value.some(({ data }) => data === 'apply'),
    formats: picked.value.flatMap(({ data }) => (typeof data === 'object' ? [data.format] : [])),
  };
  return picked.value.some(({ data }) => data === 'more') ? more(services, next, frame) : { value: next };
}

const moreOptions = [
  ['path', 'The role\'s path: / or /…/'], ['permissionsBoundary', 'ARN of the policy that bounds what the role may ever do'],
  ['maxSessionDuration', 'Longest session in seconds: 3600 to 43200'], ['audience', 'The token\'s audience, where it is not sts.amazonaws.com'],
] as const;

async function more(services: Services, answers: Answers, frame: StepFrame): Promise<StepResult<Answers>> {
  const given: Record<string, string | undefined> = {};
  for (const [option, prompt] of moreOptions) {
    if (option === 'audience' && answers.mechanism !== 'irsa') continue;
    const field = check(services, option, answers);
    const text = await inputText(frame, `${prompt}; empty for the default`, answers.more[option] ?? '', async (value) => (value.trim() === '' ? {} : field(value)));
    if (typeof text === 'string') return text;
    given[option] = text.value || undefined;
  }
  const tags = await inputText(frame, 'Tags: key=value, separated by commas; empty for none', tagText(answers.more.tags ?? {}), (text) => Promise.resolve(readTags(text)));
  if (typeof tags === 'string') return tags;
  return { value: { ...answers, more: { ...answers.more, ...given, tags: readTags(tags.value).tags } } };
}

function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(', ');
}

/** Tags as they are typed, and in a sentence what is wrong with them. */
function readTags(text: string): { readonly tags: Record<string, string>; readonly problem?: string } {
  const tags: Record<string, string> = {};
  for (const part of text.split(',').map((one) => one.trim()).filter(Boolean)) {
    const equals = part.indexOf('=');
    if (equals < 1) return { tags, problem: `"${part}" is no tag: write key=value.` };
    tags[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
  }
  return { tags };
}

/** The server's check of one field. */
function check({ client }: Services, option: keyof PairOptions, answers: Answers): (text: string) => Promise<{ problem?: string; note?: string }> {
  return async (value) => (await client.request<{ problem?: string; note?: string }>('podRoles/generate/check', { option, value, accountId: answers.accountId })) ?? {};
}

function withValue<T>(result: StepResult<T>, next: (value: T) => Answers): StepResult<Answers> {
  return typeof result === 'string' ? result : { value: next(result.value) };
}

/** In the order in which they are asked. */
export const questions: readonly Question[] = [how, cluster, serviceAccount, roleName, permissions, make];
