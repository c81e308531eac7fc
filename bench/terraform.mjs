// Measures `check` of a workspace of Terraform alone: 3,000 files in 300 modules, called by 30 roots. With the folder of
// another build's dist/ it is measured beside this one, run after run in turn.
// node bench/terraform.mjs [OTHER_DIST] [--runs N]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const [modules, filesEach, roots] = [300, 9, 30];
const given = process.argv.slice(2);
const runs = given.includes('--runs') ? Number(given[given.indexOf('--runs') + 1]) : 5;
const other = given.find((each, i) => !each.startsWith('--') && given[i - 1] !== '--runs');

/** @param {string} folder @returns {number} how many files were written */
function writeModules(folder) {
  let files = 0;
  const write = (path, text) => {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
    files++;
  };
  for (let m = 0; m < modules; m++) {
    const subject = '"system:serviceaccount:${var.namespace}:app"';
    write(
      `modules/m${m}/iam.tf`,
      `variable "namespace" {}\nvariable "provider_arn" {}\ndata "aws_iam_policy_document" "trust" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type        = "Federated"\n      identifiers = [var.provider_arn]\n    }\n    condition {\n      test     = "StringEquals"\n      variable = "\${replace(var.provider_arn, "/^(.*provider/)/", "")}:sub"\n      values   = [${subject}]\n    }\n  }\n}\nresource "aws_iam_role" "app" {\n  name_prefix        = "m${m}-"\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\noutput "role_arn" {\n  value = aws_iam_role.app.arn\n}\n`,
    );
    for (let f = 1; f < filesEach; f++) {
      const blocks = Array.from(
        { length: 6 },
        (_, i) =>
          `resource "aws_sqs_queue" "q${f}_${i}" {\n  name = "m${m}-q${f}-${i}"\n  tags = merge(local.tags${f}, { index = "${i}" })\n}\n`,
      );
      write(`modules/m${m}/queues${f}.tf`, `locals {\n  tags${f} = { module = "m${m}" }\n}\n${blocks.join('')}`);
    }
  }
  const each = modules / roots;
  for (let r = 0; r < roots; r++) {
    const calls = Array.from({ length: each }, (_, i) => {
      const m = r * each + i;
      // One in ten is wrong: the release's account is in another namespace.
      const namespace = m % 10 === 0 ? 'wrong' : 'shop';
      return `module "m${m}" {\n  source       = "../../modules/m${m}"\n  namespace    = "shop"\n  provider_arn = module.eks.oidc_provider_arn\n}\nresource "helm_release" "m${m}" {\n  name      = "m${m}"\n  chart     = "app"\n  namespace = "${namespace}"\n  set {\n    name  = "serviceAccount.name"\n    value = "app"\n  }\n  set {\n    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"\n    value = module.m${m}.role_arn\n  }\n}\n`;
    });
    for (let f = 0; f < each; f++) write(`roots/r${r}/app${f}.tf`, calls[f]);
    write(`roots/r${r}/main.tf`, `provider "aws" {}\nmodule "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n`);
  }
  return files;
}

const folder = mkdtempSync(join(tmpdir(), 'pod-roles-terraform-'));
try {
  const files = writeModules(folder);
  const builds = [resolve('dist'), ...(other === undefined ? [] : [resolve(other)])];
  /** @type {number[][]} */
  const taken = builds.map(() => []);
  /** @type {(number | undefined)[]} */
  const errors = builds.map(() => undefined);
  for (let run = 0; run < runs; run++) {
    for (const [i, dist] of builds.entries()) {
      const begin = performance.now();
      const { stdout } = spawnSync(process.execPath, [join(dist, 'cli.js'), 'check', folder, '--format', 'json', '--fail-on', 'never'], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      taken[i].push(performance.now() - begin);
      errors[i] = JSON.parse(stdout).summary.errors;
    }
  }
  for (const [i, dist] of builds.entries()) {
    const sorted = [...taken[i]].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    process.stdout.write(
      `${dist}: ${files} files, ${errors[i]} of ${modules / 10} mistakes found, median ${median.toFixed(0)} ms, least ${sorted[0].toFixed(0)} ms\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
