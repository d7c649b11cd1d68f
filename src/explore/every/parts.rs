//! The strongly connected parts of a graph.

/// The strongly connected parts, each after all those to which it leads: Tarjan's algorithm, without recursion.
pub(super) fn parts(next: &[Vec<u32>]) -> Vec<Vec<u32>> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; next.len()];
    let mut low = vec![0_u32; next.len()];
    let mut on_stack = vec![false; next.len()];
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let mut counter = 0;
    for root in 0..next.len() {
        if index[root] != UNSEEN {
            continue;
        }
        let mut calls = vec![(root, 0_usize)];
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                index[node] = counter;
                low[node] = counter;
                counter += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&to) = next[node].get(edge) {
                let to = to as usize;
                calls.push((node, edge + 1));
                if index[to] == UNSEEN {
                    calls.push((to, 0));
                } else if on_stack[to] {
                    low[node] = low[node].min(index[to]);
                }
                continue;
            }
            if let Some(&(caller, _)) = calls.last() {
                low[caller] = low[caller].min(low[node]);
            }
            if low[node] == index[node] {
                let mut part = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    part.push(member as u32);
                    if member == node {
                        break;
                    }
                }
                found.push(part);
            }
        }
    }
    found
}

/// Whether there is a way round in a part.
pub(super) fn is_circle(part: &[u32], next: &[Vec<u32>]) -> bool {
    match part {
        [alone] => next.get(*alone as usize).is_some_and(|next| next.contains(alone)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_circle, parts};

    fn circles(next: &[Vec<u32>]) -> Vec<Vec<u32>> {
        let mut found = parts(next);
        found.retain(|part| is_circle(part, next));
        found
    }

    #[test]
    fn each_circle_is_found_once() {
        assert_eq!(circles(&[vec![1], vec![2], vec![]]), Vec::<Vec<u32>>::new());
        assert_eq!(circles(&[vec![0]]), [[0]]);
        assert_eq!(circles(&[vec![1], vec![2], vec![0, 3], vec![4], vec![3]]).len(), 2);
        // A way back over a shared node is no circle.
        assert_eq!(circles(&[vec![1, 2], vec![3], vec![3], vec![]]), Vec::<Vec<u32>>::new());
    }

    #[test]
    fn a_part_comes_after_those_to_which_it_leads() {
        assert_eq!(parts(&[vec![1, 2], vec![2, 1], vec![]]), [[2], [1], [0]]);
    }
}
