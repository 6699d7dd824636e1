const scene = new THREE.Scene();
globalThis.__result = 'revision ' + (Number(THREE.REVISION) > 100 && scene.isScene);
