vec3
