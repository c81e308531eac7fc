import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileFolder } from './watchdog';

const account =
  'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/app\n';
const git = { '.git/HEAD': 'ref: refs/heads/main\n' };
const pipe = (root: string, path: string): void => void execFileSync('mkfifo', [join(root, path)]);
const link = (root: string, target: string, path: string): void => symlinkSync(target, join(root, path));
/** Found: the account's user ARN. What is hostile keeps nothing from being found. */
const found = /role-arn-malformed/;

const kustomization = (target: string): Record<string, string> => ({
  'sa.yaml': account,
  'patch.yaml': account,
  'kustomization.yaml': `resources: [sa.yaml]\npatches:\n  - path: patch.yaml\n    target:\n      kind: ServiceAccount\n      name: '${target}'\n`,
});
const terraform = (text: string, pattern: string): Record<string, string> => ({
  'sa.yaml': account,
  'main.tf': `locals {\n  a = replace("${text}", "${pattern}", "")\n}\nresource "aws_iam_role" "app" {\n  name = local.a\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = replace("${text}", "${pattern}", "") } }] })\n}\n`,
});
const nested = (depth: number, name: string): string => `${name}/`.repeat(depth);

/** One entry a folder: a file of this kind anywhere in a clone must neither hang nor kill what opens it. */
export const hostileFolders: readonly HostileFolder[] = [
  {
    name: 'YAML that begins with empty lines',
    files: { 'a.yaml': `\n\n${account}`, 'b.yaml': `\n${account}`, 'c.yaml': '\r\n\n  \n' },
    says: found,
  },
  {
    name: 'a finding with nothing less indented above it',
    files: { 'a.yaml': `\n\n\neks.amazonaws.com/role_arn: x\nkind: ServiceAccount\n${account}` },
  },
  {
    name: '.gitignore that is a link to /dev/zero',
    posix: true,
    files: { ...git, 'a.yaml': account },
    prepare: (root) => link(root, '/dev/zero', '.gitignore'),
    says: /\.gitignore/,
  },
  {
    name: '.gitignore that is a pipe',
    posix: true,
    files: { ...git, 'a.yaml': account },
    prepare: (root) => pipe(root, '.gitignore'),
    says: found,
  },
  {
    name: 'a pipe and a device in .git/info/exclude and .ignore',
    posix: true,
    files: { ...git, '.git/info/x': '', 'a.yaml': account },
    prepare: (root) => {
      pipe(root, '.git/info/exclude');
      link(root, '/dev/zero', '.ignore');
    },
    says: found,
  },
  {
    name: '.gitignore of 5 GB',
    posix: true,
    files: { ...git, '.gitignore': '', 'a.yaml': account },
    prepare: (root) => truncateSync(join(root, '.gitignore'), 5 * 1024 ** 3),
    says: found,
  },
  {
    name: '.gitignore with **/a/ fifteen times over forty folders',
    files: { ...git, '.gitignore': `${'**/a/'.repeat(15)}b\n${'*a'.repeat(40)}b\n`, [`${nested(40, 'a')}c.yaml`]: account },
    says: found,
  },
  {
    name: 'ignore files in each of forty folders',
    says: found,
    files: {
      ...git,
      ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${nested(i, 'a')}.gitignore`, `${'**/a/'.repeat(15)}b\n`.repeat(200)])),
      [`${nested(40, 'a')}c.yaml`]: account,
    },
  },
  {
    name: '50,000 rules in .gitignore',
    files: {
      ...git,
      '.gitignore': Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? `name${i}` : `**/x${i}/*y`)).join('\n'),
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d/${i}.yaml`, account])),
    },
    says: found,
  },
  {
    name: '50,000 globs in pod-roles.yaml',
    files: {
      'pod-roles.yaml': `ignore:\n${Array.from({ length: 50_000 }, (_, i) => `  - name${i}/x.yaml\n`).join('')}`,
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d/${i}.yaml`, account])),
    },
    code: 2,
    says: /50000 globs are too many/,
  },
  ...[
    '*a'.repeat(30),
    '(a+)+b',
    '+(a|aa)b',
    `${'**/a/'.repeat(20)}b`,
    '{a,b}'.repeat(30),
    '['.repeat(900),
    '!(*a*a*a*a*a)b',
    `${'{'.repeat(400)}`,
  ].map((glob): HostileFolder => ({
    name: `the glob ${glob.slice(0, 30)}`,
    says: found,
    files: {
      'pod-roles.yaml': `ignore: ['${glob}', 'x/${glob}']\noverrides:\n  - paths: ['${glob}']\n    rules: {subject-mismatch: off}\nclusters:\n  - name: c\n    paths: ['${glob}']\n`,
      [`${nested(20, 'a')}${'a'.repeat(200)}.yaml`]: account,
    },
  })),
  ...['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*)*x', '([a-z]+)*!$', '(a?){50}a{50}', 'a{1000}{1000}'].map((pattern): HostileFolder => ({
    name: `Terraform's replace with /${pattern}/`,
    files: terraform(`${'a'.repeat(3000)}!`, `/${pattern}/`),
    says: found,
  })),
  {
    name: 'ten thousand of them',
    files: {
      'sa.yaml': account,
      'main.tf': `locals {\n  t = "${'a'.repeat(3000)}!"\n${Array.from({ length: 2000 }, (_, i) => `  v${i} = replace(local.t, "/(a|aa)+${i}$/", "")\n`).join('')}}\n${Array.from({ length: 200 }, (_, i) => `resource "aws_iam_role" "r${i}" {\n  name = local.v${i}\n  assume_role_policy = "{}"\n}\n`).join('')}`,
    },
    says: found,
  },
  ...['(a|a)(a|a)'.repeat(20) + 'x', '(a+)+b', '(.*)*x', '(', 'a{900}{900}'].map((target): HostileFolder => ({
    name: `a patch target ${target.slice(0, 20)}`,
    files: kustomization(target),
    says: found,
  })),
  {
    name: 'pod-roles.yaml that is a link to /dev/zero',
    posix: true,
    files: { 'a.yaml': account },
    prepare: (root) => link(root, '/dev/zero', 'pod-roles.yaml'),
    code: 2,
    says: /pod-roles\.yaml: it is a link/,
  },
  {
    name: 'pod-roles.yaml that is a pipe',
    posix: true,
    files: { 'a.yaml': account },
    prepare: (root) => pipe(root, 'pod-roles.yaml'),
    code: 2,
    says: /pod-roles\.yaml: a named pipe/,
  },
  {
    name: 'pod-roles.yaml that leads back to itself',
    posix: true,
    files: { 'a.yaml': account },
    prepare: (root) => link(root, 'pod-roles.yaml', 'pod-roles.yaml'),
    code: 2,
    says: /pod-roles\.yaml: it is a link/,
  },
  {
    name: 'pod-roles.yaml of 5 GB',
    posix: true,
    files: { 'pod-roles.yaml': '', 'a.yaml': account },
    prepare: (root) => truncateSync(join(root, 'pod-roles.yaml'), 5 * 1024 ** 3),
    code: 2,
    says: /too large/,
  },
  {
    name: 'a snapshot that is a pipe',
    posix: true,
    files: { 'a.yaml': account, 'pod-roles.yaml': 'snapshot: s.json\n' },
    prepare: (root) => pipe(root, 's.json'),
    says: /named pipe/,
    code: 2,
  },
  {
    name: 'a snapshot that is a link to /dev/zero',
    posix: true,
    files: { 'a.yaml': account, 'pod-roles.yaml': 'snapshot: s.json\n' },
    prepare: (root) => link(root, '/dev/zero', 's.json'),
    says: /s\.json: It is outside of this repository/,
    code: 2,
  },
  {
    name: 'manifests that are pipes, devices and links to them',
    posix: true,
    files: { 'a.yaml': account },
    prepare: (root) => {
      pipe(root, 'p.yaml');
      link(root, '/dev/zero', 'z.yaml');
      link(root, 'p.yaml', 'q.yaml');
      link(root, '/dev/stdin', 'i.yaml');
      link(root, '.', 'loop');
    },
    says: found,
  },
  {
    name: 'a manifest of 5 GB',
    posix: true,
    files: { 'a.yaml': account, 'b.yaml': '' },
    prepare: (root) => truncateSync(join(root, 'b.yaml'), 5 * 1024 ** 3),
    says: found,
  },
  {
    name: '--batch that is a pipe',
    posix: true,
    files: {},
    prepare: (root) => pipe(root, 'b.ndjson'),
    args: ['explain', '--batch', 'b.ndjson'],
    code: 2,
    says: /named pipe/,
  },
  {
    name: '--config that is a pipe of the folder',
    posix: true,
    files: { 'a.yaml': account },
    prepare: (root) => pipe(root, 'c.yaml'),
    args: ['check', '.', '--config', 'c.yaml'],
    code: 2,
    says: /named pipe/,
  },
  {
    name: '--config /dev/zero',
    posix: true,
    files: { 'a.yaml': account },
    args: ['check', '.', '--config', '/dev/zero'],
    code: 2,
    says: /too large/,
  },
  {
    name: '--trust that is a pipe of the folder',
    posix: true,
    files: {},
    prepare: (root) => pipe(root, 't.json'),
    args: [
      'explain',
      '--trust',
      't.json',
      '--issuer',
      'x.example.com/a',
      '--account',
      '111122223333',
      '--namespace',
      'a',
      '--service-account',
      'b',
    ],
    code: 2,
    says: /named pipe/,
  },
  {
    name: '--policy-file that is a pipe of the folder',
    posix: true,
    files: {},
    prepare: (root) => pipe(root, 'p.json'),
    args: [
      'generate',
      '--role-name',
      'r',
      '--namespace',
      'n',
      '--service-account',
      's',
      '--issuer',
      'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
      '--account',
      '111122223333',
      '--policy-file',
      'p.json',
      '--out',
      '-',
    ],
    code: 2,
    says: /named pipe/,
  },
  {
    name: '--ignore with a glob that takes for ever',
    files: { [`${'a'.repeat(200)}.yaml`]: account },
    args: ['check', '.', '--ignore', '*a'.repeat(60) + 'b'],
    says: found,
  },
  {
    name: 'a lone byte order mark, NULs and halves of characters',
    files: { 'a.yaml': '\uFEFF', 'b.yaml': 'kind: ServiceAccount\0', 'c.yaml': `\uFEFF\n${account}\ud800`, 'd.json': '{"a": "\\ud800"}' },
  },
];
