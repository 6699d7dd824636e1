extern number strength;

vec4 effect(vec4 color, Image tex, vec2 uv, vec2 screen)
{
    return Texel(tex, uv) * color * vec4(vec3(strength), 1.0);
}
