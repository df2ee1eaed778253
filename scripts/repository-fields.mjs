// The fields of package.json that name the repository. They come from its remote, so that they are right in a fork as
// well.

/**
 * @param {string} remote the address of the remote: `git@github.com:owner/name.git`, or one that begins with https:// or
 *   ssh://
 * @param {string} directory the folder of the package in the repository
 * @returns {{ repository: object, homepage: string, bugs: object } | undefined} undefined for another address
 */
export function repositoryFields(remote, directory) {
  const [, host, path] =
    /^(?:https:\/\/|ssh:\/\/)?(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
      remote.trim(),
    ) ?? [];
  if (path === undefined) return undefined;
  const page = `https://${host}/${path}`;
  return {
    repository: { type: "git", url: `git+${page}.git`, directory },
    homepage: `${page}#readme`,
    bugs: { url: `${page}/issues` },
  };
}

/** The names of these fields that a package.json lacks. */
export function missingRepositoryFields({ repository, homepage, bugs }) {
  return Object.entries({
    repository: repository?.url,
    homepage,
    bugs: bugs?.url,
  }).flatMap(([name, value]) => (value === undefined ? [name] : []));
}
