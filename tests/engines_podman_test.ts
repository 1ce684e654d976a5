import { ContainerHost } from "./support/container_host.ts";
import { tryOut } from "./support/engine.ts";
import { lacksPodman, Podman } from "./support/podman.ts";

Deno.test({
  name: "Podman's containers are mirrored, restart, die and leave nothing behind",
  ignore: await lacksPodman(),
  async fn() {
    await using host = await ContainerHost.start();
    await tryOut(host, await Podman.on(host));
  },
});
