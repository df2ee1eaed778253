import type { FileStore, ListFilesOptions, StoredFile } from "../../core/contract/file.js";
import { closeContent } from "../../core/contract/upload.js";
import { AiLibError } from "../../core/errors/error.js";
import type { EndpointFiles } from "./file-store.js";
import { notAboutModel } from "./not-about-model.js";
import type { ServiceLoaders } from "./service-loaders.js";
import type { StoreAccess } from "./store-access.js";

/** A file store whose code is loaded at its first use: most programs upload nothing. */
export function lazyFiles(code: ServiceLoaders["files"], access: StoreAccess): FileStore {
  const load = async (): Promise<EndpointFiles> => {
    const { EndpointFiles } = await code();
    return new EndpointFiles(access);
  };
  const use = async <T>(run: (store: EndpointFiles) => Promise<T>): Promise<T> => {
    try {
      return await run(await load());
    } catch (error) {
      throw notAboutModel(AiLibError.from(error, "FILE_ERROR"));
    }
  };
  return {
    upload: (file, options) =>
      use((store) => store.upload(file, options)).finally(() => closeContent(file.content)),
    get: (id, options) => use((store) => store.get(id, options)),
    list: (options) => listed(load, options),
    content: (id, options) => use((store) => store.content(id, options)),
    delete: (id, options) => use((store) => store.delete(id, options)),
    cancelUpload: (session, options) => use((store) => store.cancelUpload(session, options)),
  };
}

async function* listed(
  load: () => Promise<EndpointFiles>,
  options: ListFilesOptions | undefined,
): AsyncGenerator<StoredFile, void, undefined> {
  try {
    yield* (await load()).list(options);
  } catch (error) {
    throw notAboutModel(error);
  }
}
