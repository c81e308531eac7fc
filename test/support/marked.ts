import { Workspace } from '../../server/src/core/workspace/workspace';
import { readSettings } from '../../server/src/core/config/readSettings';

/** The cursor in a fixture's text. */
export const cursor = '‸';

/**
 * A workspace from a text of several files: a line `==> path` begins each, `‸` is the cursor in one of them,
 * `pod-roles.yaml` sets the settings. All files are open.
 */
export function markedWorkspace(source: string): { workspace: Workspace; uri: string; offset: number; text: string } {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  let at: { uri: string; offset: number; text: string } | undefined;
  for (const section of source.split(/^==> /m).slice(1)) {
    const end = section.indexOf('\n');
    const uri = `file:///w/${section.slice(0, end).trim()}`;
    const marked = section.slice(end + 1);
    const offset = marked.indexOf(cursor);
    const text = marked.replace(cursor, '');
    if (offset >= 0) at = { uri, offset, text };
    if (uri.endsWith('/pod-roles.yaml')) workspace.configure(readSettings(text, uri).settings);
    else workspace.open(uri, text);
  }
  if (!at) throw new Error('no cursor in the fixture');
  return { workspace, ...at };
}
