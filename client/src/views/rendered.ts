import { languages, Uri, workspace, type Disposable } from 'vscode';
import type { CheckRenderedResult } from '../../../protocol/render';
import type { PodRolesClient } from '../client';

/** What was found in the output of helm and kustomize, at the places in the sources: until it is asked again, or the file is edited. */
export class RenderedFindings implements Disposable {
  private readonly shown = languages.createDiagnosticCollection('pod-roles-rendered');
  private readonly edits = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.shown.delete(document.uri);
  });

  constructor(private readonly client: PodRolesClient) {}

  /** Shows these in the place of all that was shown before. */
  async show(found: CheckRenderedResult['diagnostics']): Promise<void> {
    this.shown.clear();
    const converter = (await this.client.running())?.protocol2CodeConverter;
    if (!converter) return;
    for (const { uri, items } of found) this.shown.set(Uri.parse(uri), await converter.asDiagnostics([...items]));
  }

  dispose(): void {
    this.shown.dispose();
    this.edits.dispose();
  }
}
