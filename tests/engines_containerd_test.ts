import { ContainerHost } from "./support/container_host.ts";
import { Containerd, lacksContainerd } from "./support/containerd.ts";
import { tryOut } from "./support/engine.ts";

Deno.test({
  name: "containerd's containers are mirrored, restart, die and leave nothing behind",
  ignore: await lacksContainerd(),
  async fn() {
    await using host = await ContainerHost.start();
    await using containerd = await Containerd.on(host);
    await tryOut(host, containerd);
  },
});
