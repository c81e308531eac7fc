import { folderOf, resolveUri } from '../../readers/terraform/modules/folders';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { MigrationHost } from '../port';
import { literalArgument } from './hclSearch';
import { Folder, type Placed } from './terraformFolder';

/** The Terraform folders of a workspace, and which of their modules call which folder. Read when something asks, once for a host. */
export class TerraformFolders {
  private readonly folders = new Map<string, Folder>();
  private calls: ReadonlyMap<string, readonly Placed[]> | undefined;

  private constructor(private readonly host: Pick<MigrationHost, 'source' | 'terraformFiles'>) {}

  static of(host: Pick<MigrationHost, 'source' | 'terraformFiles'>): TerraformFolders {
    let known = byHost.get(host);
    if (!known) byHost.set(host, (known = new TerraformFolders(host)));
    return known;
  }

  /** The files of a folder, as they were read. */
  folder(uri: string): Folder {
    let known = this.folders.get(uri);
    if (!known) {
      const files = this.host.terraformFiles().filter((each) => folderOf(each) === uri);
      this.folders.set(uri, (known = new Folder(files.flatMap((each) => this.documentsOf(each)))));
    }
    return known;
  }

  /** The `module` blocks that call a folder by a relative path. */
  callsOf(folder: string): readonly Placed[] {
    return (this.calls ??= this.allCalls()).get(folder) ?? [];
  }

  /** The folders that are applied for some folders: those that nothing calls, upward along the calls. */
  rootsOf(folders: Iterable<string>): ReadonlySet<string> {
    const seen = new Set(folders);
    const roots = new Set<string>();
    for (const folder of seen) {
      const callers = this.callsOf(folder).map(({ document }) => folderOf(document.ref.uri));
      for (const caller of callers) seen.add(caller);
      if (callers.length === 0) roots.add(folder);
    }
    return roots;
  }

  /** The folder that a call names, if it is in the workspace. */
  calledBy({ block, document }: Placed): string | undefined {
    const source = literalArgument(block, 'source', document.text);
    return source !== undefined && /^\.\.?\//.test(source) ? resolveUri(folderOf(document.ref.uri), source) : undefined;
  }

  private allCalls(): ReadonlyMap<string, readonly Placed[]> {
    const found = new Map<string, Placed[]>();
    for (const uri of this.host.terraformFiles())
      for (const document of this.documentsOf(uri)) {
        if (!/"\.\.?\//.test(document.text)) continue;
        for (const block of document.tree().hcl?.blocks ?? []) {
          const placed = { block, document, text: document.text };
          const folder = block.type.text === 'module' ? this.calledBy(placed) : undefined;
          if (folder === undefined) continue;
          const own = found.get(folder);
          if (own) own.push(placed);
          else found.set(folder, [placed]);
        }
      }
    return found;
  }

  private documentsOf(uri: string): readonly SourceDocument[] {
    return (this.host.source(uri)?.documents ?? []).filter(({ syntax }) => syntax === 'hcl');
  }
}

const byHost = new WeakMap<object, TerraformFolders>();
