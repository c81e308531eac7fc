import { filePath } from '../config/paths';
import type { UnknownReason } from '../text/objects';
import type { Text } from '../text/text';

/** More reasons than this are not told. */
const most = 3;

/** Why a value is not known and what would settle it, a sentence each: the variable, data source or file that decides. */
export function unknownReasons(text: Text | undefined): string[] {
  const found = new Set<string>();
  for (const { why } of text?.holes ?? []) if (why) found.add(reasonOf(why));
  return [...found].slice(0, most);
}

function reasonOf({ kind, what, uri }: UnknownReason): string {
  const where = uri === undefined ? '' : ` (${filePath(uri).name})`;
  switch (kind) {
    case 'variable':
      return `${what} has no value in the files that were read${where}: set it in a *.tfvars file, or give it a default.`;
    case 'data-source':
      return `${what} is read from AWS when Terraform runs${where}: check the output of terraform show -json instead.`;
    case 'remote-state':
      return `${what} is the state of another root module${where}: no file that was read tells its outputs.`;
    case 'output':
      return `${what} is an output of a module that was not read${where}: add the module to the files, or check the output of terraform show -json.`;
    case 'computed':
      return `${what} is known only after it is applied${where}.`;
    case 'file':
      return `${what} was not read${where}: add it to the files.`;
    case 'function':
      return `${what} is not worked out here${where}.`;
    case 'limit':
      return `${what} is too large to be followed${where}.`;
  }
}
