import { commands, Location, Position, Range, Uri } from 'vscode';
import type { ShowReferencesArguments } from '../../../protocol/workspace';
import type { Services } from '../services';

/** Internal, for the server's lenses: the editor's own command wants its own classes, not JSON. */
export async function showReferences(_: Services, ...args: readonly unknown[]): Promise<void> {
  const [uri, position, locations] = args as unknown as ShowReferencesArguments;
  if (typeof uri !== 'string' || !position || !Array.isArray(locations)) return;
  await commands.executeCommand(
    'editor.action.showReferences',
    Uri.parse(uri),
    new Position(position.line, position.character),
    (locations as ShowReferencesArguments[2]).map(
      ({ uri: target, range: { start, end } }) =>
        new Location(Uri.parse(target), new Range(start.line, start.character, end.line, end.character)),
    ),
  );
}
