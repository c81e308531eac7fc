import { levelColumns } from './page';
import type { PermissionsShown, ShownGrant, ShownPolicy, ShownSection } from './shown';

/** Lines of names break here. */
const lineWidth = 110;

/** The page as plain text, to be copied and searched. Lines end with `\n`. */
export function permissionsText(page: PermissionsShown): string {
  const lines = [
    page.title,
    '='.repeat(Math.min(60, page.title.length)),
    page.roleArn,
    ...page.facts,
    ...(page.accounts.length > 0 ? ['', 'Service accounts of this workspace that use it'] : []),
    ...page.accounts.map(({ text, place }) => `  ${text}  ${place?.label ?? ''}`),
    ...(page.moreAccounts > 0 ? [`  and ${page.moreAccounts} more`] : []),
    ...page.first.flatMap(section),
    ...summary(page),
    ...page.services.flatMap(({ name, prefix }) => [
      '',
      `${name} (${prefix})`,
      ...page.grants.filter(({ service }) => service === prefix).flatMap(grant),
    ]),
    ...page.others.flatMap(section),
    ...(page.denies.length > 0 ? ['', 'Denied', ...page.denies.map(({ text, statement }) => `  ${text}  ${statement.label}`)] : []),
    ...policies(page),
    ...(page.unseen ? section(page.unseen) : []),
    '',
    page.source,
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function section({ heading, lines }: ShownSection): string[] {
  return ['', heading, ...lines.map((line) => `  ${line}`)];
}

function summary({ services }: PermissionsShown): string[] {
  if (services.length === 0) return [];
  const width = Math.max(...services.map(({ name }) => name.length), 'Permissions'.length);
  const columns = levelColumns.map(([level, name]) => ({ level, name, width: Math.max(5, name.length) }));
  return [
    '',
    `${'Permissions'.padEnd(width)}  ${columns.map((column) => column.name.padStart(column.width)).join('  ')}`,
    ...services.map(({ name, counts, where }) => {
      const numbers = columns.map((column) => (counts[column.level] > 0 ? String(counts[column.level]) : '–').padStart(column.width));
      return `${name.padEnd(width)}  ${numbers.join('  ')}  ${where}`;
    }),
  ];
}

function grant({ resources, conditions, statement, levels, whole, limits }: ShownGrant): string[] {
  return [
    `  on ${resources.join(', ')}${conditions.length > 0 ? ` if ${conditions.join(' and ')}` : ''}  ${statement.label}`,
    ...(whole === undefined
      ? levels.flatMap(({ level, count, actions }) => wrapped(`    ${level} (${count}): `, actions))
      : [`    ${whole}`]),
    ...limits.map((limit) => `    less what is denied by ${limit}`),
  ];
}

function policies({ policies: own, boundary }: PermissionsShown): string[] {
  if (!own) return [];
  const line = ({ name, kind }: ShownPolicy): string => `    ${name}  ${kind}`;
  return [
    '',
    'Policies',
    ...(own.length > 0 ? own.map(line) : ['  none']),
    ...(boundary
      ? [
          `  ${boundary.text}`,
          ...(boundary.policy ? [line(boundary.policy)] : []),
          ...(boundary.cut.length > 0 ? wrapped('  Cut off by the boundary: ', boundary.cut) : []),
        ]
      : []),
  ];
}

/** Names with commas between, in lines no longer than they need be. */
function wrapped(lead: string, names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = lead;
  for (const [i, name] of names.entries()) {
    const word = i === names.length - 1 ? name : `${name},`;
    if (i > 0 && line.length + 1 + word.length > lineWidth) {
      lines.push(line);
      line = `${' '.repeat(6)}${word}`;
    } else {
      line += `${i === 0 ? '' : ' '}${word}`;
    }
  }
  return [...lines, line];
}
