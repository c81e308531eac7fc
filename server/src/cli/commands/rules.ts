import type { Command } from 'commander';
import { docsUrl } from '../../core/rules/docsUrl';
import { pages } from '../../core/rules/pages';
import { allRules } from '../../core/rules/registry';
import type { Rule } from '../../core/rules/rule';
import { Console, type CommonOptions, type Paint } from '../console';
import { Failure } from '../failure';
import { suggestion } from '../words';

export function rulesCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('rules')
    .description("list the rules, or print one rule's page")
    .argument('[id]', 'a rule')
    .addHelpText('after', '\nExamples:\n  pod-roles rules\n  pod-roles rules subject-under-audience-key')
    .action(async (id: string | undefined, _: unknown, self: Command) => {
      const console = new Console(self.optsWithGlobals<CommonOptions>());
      await console.print(id === undefined ? table(console.paint) : page(id, console.paint));
      exit(0);
    });
}

function table(paint: Paint): string {
  const width = Math.max(...allRules.map((rule) => rule.id.length));
  return allRules
    .map((rule) => `${rule.id.padEnd(width)}  ${paintLevel(rule, paint)}  ${rule.fixable ? 'fix' : '   '}  ${rule.title}\n`)
    .join('');
}

function page(id: string, paint: Paint): string {
  const rule = allRules.find((candidate) => candidate.id === id);
  if (!rule)
    throw new Failure(
      `no rule is called ${id}.${suggestion(
        id,
        allRules.map((known) => known.id),
      )} "pod-roles rules" lists them.`,
    );
  return [
    paint.bold(`${rule.id}: ${rule.title}`),
    `Level: ${rule.level}${rule.fixable ? ', has a fix' : ''}. Since ${rule.since}.`,
    '',
    pages[rule.id]!.trim(),
    '',
    `Source: ${rule.source}`,
    `Page: ${docsUrl(rule.id)}`,
    '',
  ].join('\n');
}

function paintLevel({ level }: Rule, paint: Paint): string {
  const text = level.padEnd(7);
  return level === 'off' ? paint.dim(text) : paint[level](text);
}
