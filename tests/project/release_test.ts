import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, resolve } from "@std/path";
import { parseAll } from "@std/yaml/parse";
import { VERSION } from "../../lib/version.ts";
import { ROOT } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { run, succeed } from "../support/run/process.ts";
import {
  type KubernetesObject,
  lacksRenderers,
  PATH_OF_TOOLS,
  withoutUsualLabels,
} from "../support/deploy/renderers.ts";

const NAME = `ovs-mirror-cni-${VERSION}-${Deno.build.arch}`;

Deno.test("the archive of a release works where it is unpacked, and its links lead somewhere", async () => {
  await using files = await Files.make();
  const { code, stderr } = await run(`${ROOT}scripts/package.sh`, {
    args: [Deno.build.arch, files.path("release")],
    env: { GZIP_LEVEL: "-1" },
  });
  assertEquals(code, 0, stderr);
  await Deno.mkdir(files.path("unpacked"));
  const archive = files.path(`release/${NAME}.tar.gz`);
  await succeed("tar", "-xzf", archive, "-C", files.path("unpacked"));
  const top = files.path(`unpacked/${NAME}`);

  for (const program of ["ovs-mirror-producer", "ovs-mirror-consumer"]) {
    assertEquals(await succeed(`${top}/${program}`, "--version"), `${program} ${VERSION}\n`);
    assertStringIncludes(Deno.readTextFileSync(`${top}/man1/${program}.1`), ".SH NAME");
  }
  const bill = JSON.parse(Deno.readTextFileSync(files.path(`release/${NAME}.cdx.json`)));
  assertEquals(bill.metadata.component.version, VERSION);
  const pages = walk(top).filter((path) => path.endsWith(".md"));
  assert(pages.length >= 9);
  const broken = pages.flatMap((page) =>
    linksOf(page).filter((target) => !exists(resolve(dirname(page), target)))
      .map((target) => `${page}: ${target}`)
  );
  assertEquals(broken, []);
});

Deno.test({
  name: "the manifests of a release and its chart name the image by its digest, and agree",
  ignore: lacksRenderers() || lacks({ tar: "tar" }),
  async fn() {
    await using files = await Files.make();
    const image = `ghcr.io/someone/ovs-mirror-cni@sha256:${"0123456789abcdef".repeat(4)}`;
    const env = { PATH: `${PATH_OF_TOOLS}:${Deno.env.get("PATH")}`, HOME: files.directory };
    const args = [image, files.path("out")];
    const { code, stderr } = await run(`${ROOT}scripts/manifests.sh`, { args, env });
    assertEquals(code, 0, stderr);

    const platforms = ["", "-flatcar", "-k3s", "-microk8s", "-openshift", "-rke2"];
    const chart = files.path(`out/ovs-mirror-cni-${VERSION}.tgz`);
    for (const platform of platforms) {
      for (const uninstall of [false, true]) {
        const name = `ovs-mirror-cni-${VERSION}${platform}${uninstall ? "-uninstall" : ""}.yaml`;
        const yaml = Deno.readTextFileSync(files.path(`out/${name}`));
        const images = Array.from(yaml.matchAll(/ image: (.*)/g), ([, image]) => image);
        assertEquals(images, [image, image], name);
        const values = [`platform=${platform.slice(1)}`, `uninstall=${uninstall}`];
        const set = values.flatMap((value) => ["--set", value]);
        const rendered = await run(`${PATH_OF_TOOLS}/helm`, {
          args: ["template", "x", chart, "--namespace", "kube-system", ...set],
          env,
        });
        assertEquals(objects(rendered.stdout).map(withoutUsualLabels), objects(yaml), name);
      }
    }
    const written = Array.from(Deno.readDirSync(files.path("out"))).length;
    assertEquals(written, 2 * platforms.length + 1);
  },
});

function objects(yaml: string): KubernetesObject[] {
  const list = (parseAll(yaml) as (KubernetesObject | null)[]).filter((object) => object !== null);
  return list.sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function linksOf(page: string): string[] {
  const targets = Deno.readTextFileSync(page).matchAll(/\]\(((?!https?:|#)[^)#]+)/g);
  return Array.from(targets, ([, target]) => target!);
}

function walk(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory)).flatMap(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    return isDirectory ? walk(path) : [path];
  });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
