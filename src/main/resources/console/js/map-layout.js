// Where the boxes of the map stand; knows nothing of how they are drawn.

const SERVICE_HEIGHT = 62;
const INSTANCE_HEIGHT = 34;
const GAP = 8;
const BLOCK_GAP = 20;
const MOST_INSTANCES = 8;
const NARROW = 700;

/**
 * Boxes for the gateway, its services and their instances in a drawing of this width.
 * Answers {height, gateway, services: [{service, box, path, instances: [{instance, box, path}], more}]}.
 */
export function layout(services, width) {
  return width < NARROW ? stacked(services, width) : columns(services, width);
}

/** Side by side: gateway, services, instances. */
function columns(services, width) {
  const gatewayWidth = 150;
  const instanceWidth = Math.min(260, width * 0.3);
  const serviceWidth = Math.min(300, width * 0.33);
  const free = width - gatewayWidth - serviceWidth - instanceWidth;
  const serviceX = gatewayWidth + free * 0.55;
  const instanceX = width - instanceWidth;
  let y = 0;
  const placed = services.map((service) => {
    const { shown, more } = cut(service.instances);
    const lines = Math.max(1, shown.length + (more ? 0.6 : 0));
    const block = Math.max(SERVICE_HEIGHT, lines * (INSTANCE_HEIGHT + GAP) - GAP);
    const box = { x: serviceX, y: y + (block - SERVICE_HEIGHT) / 2, width: serviceWidth, height: SERVICE_HEIGHT };
    const top = y + (block - (shown.length * (INSTANCE_HEIGHT + GAP) - GAP)) / 2;
    const instances = shown.map((instance, i) => {
      const own = { x: instanceX, y: top + i * (INSTANCE_HEIGHT + GAP), width: instanceWidth, height: INSTANCE_HEIGHT };
      return { instance, box: own, path: curve(right(box), left(own)) };
    });
    const result = { service, box, instances, more, moreAt: { x: instanceX + 4, y: y + block - 2 } };
    y += block + BLOCK_GAP;
    return result;
  });
  const height = Math.max(y - BLOCK_GAP, 96);
  const gateway = { x: 0, y: height / 2 - 40, width: gatewayWidth, height: 80 };
  placed.forEach((p) => {
    p.path = curve(right(gateway), left(p.box));
    p.switchAt = { x: p.box.x - 30, y: p.box.y + p.box.height / 2 };
  });
  return { height, gateway, services: placed };
}

/** One below the other, for a phone. */
function stacked(services, width) {
  const gateway = { x: 0, y: 0, width, height: 62 };
  const trunk = 12;
  let y = gateway.height + BLOCK_GAP;
  const placed = services.map((service) => {
    const { shown, more } = cut(service.instances);
    const box = { x: 40, y, width: width - 40, height: SERVICE_HEIGHT };
    const middle = y + SERVICE_HEIGHT / 2;
    y += SERVICE_HEIGHT + GAP;
    const instances = shown.map((instance) => {
      const own = { x: 62, y, width: width - 62, height: INSTANCE_HEIGHT };
      y += INSTANCE_HEIGHT + GAP;
      return { instance, box: own, path: elbow(50, box.y + box.height, own.y + own.height / 2, own.x) };
    });
    const moreAt = { x: 66, y: y + 10 };
    y += (more ? 18 : 0) + BLOCK_GAP - GAP;
    return {
      service, box, instances, more, moreAt,
      path: elbow(trunk, gateway.height, middle, box.x), switchAt: { x: box.x - 14, y: middle },
    };
  });
  return { height: y - BLOCK_GAP + GAP, gateway, services: placed };
}

function cut(instances) {
  return instances.length <= MOST_INSTANCES
    ? { shown: instances, more: 0 }
    : { shown: instances.slice(0, MOST_INSTANCES - 1), more: instances.length - MOST_INSTANCES + 1 };
}

const right = (box) => ({ x: box.x + box.width, y: box.y + box.height / 2 });
const left = (box) => ({ x: box.x, y: box.y + box.height / 2 });

function curve(from, to) {
  const middle = (from.x + to.x) / 2;
  return `M${from.x},${from.y} C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
}

function elbow(x, fromY, toY, toX) {
  return `M${x},${fromY} L${x},${toY - 8} Q${x},${toY} ${x + 8},${toY} L${toX},${toY}`;
}
