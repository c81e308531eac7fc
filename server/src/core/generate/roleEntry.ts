import { readSettings } from '../config/readSettings';
import { hclText } from './text/hcl';
import { yamlText } from './text/yaml';

/**
 * Ties a role to the file of its trust policy in pod-roles.yaml, by one more line; comments and all else stay.
 * Undefined where nothing is to be added (the role is there), or where `roles` has a form that takes no line.
 * @param text the file as it is; empty for one that is not there yet.
 * @param path relative to the file's folder, with `/`.
 */
export function addRoleEntry(text: string, role: string, path: string): string | undefined {
  const { settings, problems } = readSettings(text, 'file:///pod-roles.yaml');
  if (problems.length > 0 || Object.keys(settings.roles).some((key) => key === role || key.endsWith(`/${role}`))) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const entry = (pad: string): string => `${pad}${yamlText(role)}: ${/^[\w./-]+$/.test(path) ? path : hclText(path)}${eol}`;
  const header = /^roles:[ \t]*(#.*)?(\r?\n|$)/m.exec(text);
  if (!header) {
    if (/^["']?roles["']?\s*:/m.test(text)) return undefined;
    return `${text}${text === '' || text.endsWith('\n') ? '' : eol}${text.trim() === '' ? '' : eol}roles:${eol}${entry('  ')}`;
  }
  const start = header.index + header[0].length;
  const lines = text.slice(start).split(/(?<=\n)/);
  const first = lines.find((line) => !/^\s*(#.*)?$/.test(line));
  const pad = /^([ ]+)\S/.exec(first ?? '')?.[1] ?? '  ';
  let length = 0;
  let end = 0;
  for (const line of lines) {
    if (/^\S/.test(line) && !line.startsWith('#')) break;
    length += line.length;
    if (/^[ \t]+\S/.test(line)) end = length;
  }
  const head = text.slice(0, start + end);
  return `${head}${head.endsWith('\n') ? '' : eol}${entry(pad)}${text.slice(start + end)}`;
}
