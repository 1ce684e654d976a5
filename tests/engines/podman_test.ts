import { ContainerHost } from "../support/engines/container_host.ts";
import { tryOut } from "../support/engines/engine.ts";
import { lacksPodman, Podman } from "../support/engines/podman.ts";

Deno.test({
  name: "Podman's containers are mirrored, restart, die and leave nothing behind",
  ignore: await lacksPodman(),
  async fn() {
    await using host = await ContainerHost.start();
    await tryOut(host, await Podman.on(host));
  },
});
