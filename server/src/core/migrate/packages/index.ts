import { isTestData } from '../../config/testData';
import { folderOf } from '../../readers/terraform/modules/folders';
import { imageName, imageTag } from './images';
import type { ImageBuild, ImageChange, PackageFile, PackageFiles } from './model';

/** A file with packages, and why it may be that of an image. */
export interface Link {
  readonly file: PackageFile;
  /** The file that says that the image is built from this folder; absent where a folder is only called like the image. */
  readonly by?: string;
}

/** What files tell of an image: of `certain` ones that it is built from their folder. */
export interface ImageLinks {
  readonly certain: readonly Link[];
  readonly perhaps: readonly Link[];
}

/** So many files are named for an image. */
const mostLinks = 20;

/** What the files of a workspace tell of images, by the image's name. */
export class PackageIndex {
  /** Files with packages, those of tests aside. */
  readonly files: readonly PackageFile[];
  private readonly byFolder = new Map<string, PackageFile[]>();
  private readonly folders: readonly string[];
  private readonly byFolderName = new Map<string, string[]>();
  private readonly builds = new Map<string, (ImageBuild & { readonly by: string })[]>();
  private readonly imagesOfHome = new Map<string, Set<string>>();
  private readonly changes = new Map<string, ImageChange[]>();

  constructor({ files }: PackageFiles, base: string | undefined) {
    const own = files.filter(({ uri }) => !isTestData(uri, base));
    this.files = own.filter(({ packages }) => packages.length > 0);
    for (const file of this.files) push(this.byFolder, folderOf(file.uri), file);
    this.folders = [...this.byFolder.keys()].sort();
    for (const folder of this.folders) push(this.byFolderName, folder.slice(folder.lastIndexOf('/') + 1), folder);
    for (const { uri, builds, changes } of own) {
      for (const build of builds) {
        push(this.builds, build.image, { ...build, by: uri });
        const images = this.imagesOfHome.get(homeOf(build));
        if (images) images.add(build.image);
        else this.imagesOfHome.set(homeOf(build), new Set([build.image]));
      }
      for (const change of changes) push(this.changes, change.name, change);
    }
  }

  /** The images that a written one may become: itself, and what kustomizations make of it. */
  deployed(image: string): readonly string[] {
    const name = imageName(image);
    const changes = this.changes.get(name) ?? [];
    const made = changes.map(({ newName, newTag, digest }) => {
      const tag = digest ? '@sha256' : (newTag ?? imageTag(image));
      return `${newName ?? name}${tag === undefined ? '' : digest ? tag : `:${tag}`}`;
    });
    // A base that leaves the tag to its overlays isn't deployed by itself.
    const isWritten = made.length === 0 || imageTag(image) !== undefined || image.includes('@');
    return [...new Set([...(isWritten ? [image] : []), ...made])];
  }

  /** The files with packages that an image may be built from. */
  linksOf(image: string): ImageLinks {
    const names = [...new Set([image, ...this.deployed(image)].map(imageName))];
    const builds = names.flatMap((name) => this.builds.get(name) ?? []);
    if (builds.length === 0) return { certain: [], perhaps: this.calledLike(names) };
    const homes = new Set(builds.map(homeOf));
    const [build] = builds;
    const home = homeOf(build!);
    // Several images of one folder: each may be of another part of it.
    const isSure = homes.size === 1 && [...this.imagesOfHome.get(home)!].every((each) => names.includes(each));
    const link = (file: PackageFile): Link => ({ file, by: build!.by });
    const inHomes = [...homes]
      .flatMap((each) => this.byFolder.get(each) ?? [])
      .slice(0, mostLinks)
      .map(link);
    if (!isSure) return { certain: [], perhaps: inHomes };
    const around = build!.context === home ? [] : (this.byFolder.get(build!.context) ?? []);
    return { certain: inHomes, perhaps: [...around, ...this.below(home)].slice(0, mostLinks).map(link) };
  }

  private calledLike(names: readonly string[]): Link[] {
    const folders = names.flatMap((name) => this.byFolderName.get(name.slice(name.lastIndexOf('/') + 1)) ?? []);
    return folders.flatMap((folder) => (this.byFolder.get(folder) ?? []).map((file) => ({ file }))).slice(0, mostLinks);
  }

  private below(home: string): PackageFile[] {
    const start = `${home}/`;
    let [low, high] = [0, this.folders.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.folders[middle]! < start) low = middle + 1;
      else high = middle;
    }
    const found: PackageFile[] = [];
    for (let i = low; i < this.folders.length && found.length < mostLinks && this.folders[i]!.startsWith(start); i++)
      found.push(...this.byFolder.get(this.folders[i]!)!);
    return found;
  }
}

/** The folder that an image is of: its Dockerfile's, else the build context. */
function homeOf({ context, dockerfile }: ImageBuild): string {
  return dockerfile ?? context;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const own = map.get(key);
  if (own) own.push(value);
  else map.set(key, [value]);
}

const indexes = new WeakMap<PackageFiles, PackageIndex>();

/** The index of the files that a front has read; made once for them. */
export function packageIndex(files: PackageFiles, base: string | undefined): PackageIndex {
  let index = indexes.get(files);
  if (!index) indexes.set(files, (index = new PackageIndex(files, base)));
  return index;
}
