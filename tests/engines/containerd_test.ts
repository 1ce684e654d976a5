import { ContainerHost } from "../support/engines/container_host.ts";
import { Containerd, lacksContainerd } from "../support/engines/containerd.ts";
import { tryOut } from "../support/engines/engine.ts";

Deno.test({
  name: "containerd's containers are mirrored, restart, die and leave nothing behind",
  ignore: await lacksContainerd(),
  async fn() {
    await using host = await ContainerHost.start();
    await using containerd = await Containerd.on(host);
    await tryOut(host, containerd);
  },
});
