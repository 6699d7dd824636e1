shader_type canvas_item;

uniform float strength : hint_range(0, 1) = 0.4;

void fragment() {
	COLOR.rgb += strength * vec3(0.4, 0.3, 0.1) * COLOR.a;
}
